namespace Basgd.Experiments.Tests;

public sealed class FindingsTests
{
    [Fact]
    public void Spread_is_mean_and_deviation_of_a_sample()
    {
        var spread = Spread.Of([1, 2, 3]);
        spread.Mean.ShouldBe(2);
        spread.Deviation.ShouldBe(1);
        (spread.Least, spread.Most).ShouldBe((1.0, 3.0));
        spread.ToString().ShouldBe("2.0 ± 1.0");
        Spread.Of([5, double.PositiveInfinity]).Mean.ShouldBe(double.PositiveInfinity);
    }

    [Theory]
    [InlineData(80, 60, 20, true)]
    [InlineData(79, 60, 20, false)]
    [InlineData(59, 60, -1, true)]
    [InlineData(58, 60, -1, false)]
    public void Higher_accuracy_is_better(double first, double second, double margin, bool held) =>
        Ordering.Better(Metric.Accuracy, "", [first], [second], margin).Held.ShouldBe(held);

    [Theory]
    [InlineData(200, 300, true)]
    [InlineData(300, 200, false)]
    public void Lower_perplexity_is_better(double first, double second, bool held) =>
        Ordering.Better(Metric.Perplexity, "", [first], [second], 0).Held.ShouldBe(held);

    [Fact]
    public void No_number_is_never_better() => Ordering.Better(Metric.Perplexity, "", [double.NaN], [5], 0).Held.ShouldBeFalse();

    [Fact]
    public void What_was_never_reached_is_shown_as_infinite()
    {
        Metric.Show(double.PositiveInfinity).ShouldBe("∞");
        Metric.Show(double.NaN).ShouldBe("–");
        Metric.Show(1234).ShouldBe("1234");
        Ordering.Better(Metric.Perplexity, "", [400], [double.PositiveInfinity], 0).ShouldBe(new Ordering("", true, "400.0 against ∞: ∞, at least 0.0 expected"));
    }

    [Fact]
    public void Every_seed_must_lie_within()
    {
        Ordering.Within("", [10, 40], double.NegativeInfinity, 40).Held.ShouldBeTrue();
        Ordering.Within("", [10, 41], double.NegativeInfinity, 40).Held.ShouldBeFalse();
    }

    [Fact]
    public void Time_to_a_level_lies_between_evaluations()
    {
        var run = Given.Run(1, (0, 0.1), (100, 0.5), (200, 0.9));
        run.SecondsTo(0.7).ShouldBe(150, 1e-9);
        run.SecondsTo(0.1).ShouldBe(0);
        run.SecondsTo(0.95).ShouldBe(double.PositiveInfinity);
    }
}
