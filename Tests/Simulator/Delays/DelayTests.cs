namespace Basgd.Simulator.Tests.Delays;

/// <summary>Moments of the delays, over many turns of many workers. Margins are five standard errors.</summary>
public sealed class DelayTests
{
    private const int Draws = 100_000;

    [Fact]
    public void Constant() => new ConstantDelays(2.5).Next(new TurnStart(1, 3, 4, 5)).ShouldBe(new Turn(0, 2.5));

    /// <summary>|N(0, 1)| has mean √(2/π) and variance 1 − 2/π.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Truncated_normal(bool perWorker) =>
        Moments(new TruncatedNormalDelays(Computing: 2, PerWorker: perWorker), 2 * (1 + Math.Sqrt(2 / Math.PI)), 4 * (1 - (2 / Math.PI)));

    /// <summary>N(μ, σ²) above 0 has mean μ + σ·φ(−μ/σ)/(1 − Φ(−μ/σ)); here μ = σ = 1.</summary>
    [Fact]
    public void Truncated_normal_around_a_mean()
    {
        const double hazard = 0.2419707245 / 0.8413447461;
        Moments(new TruncatedNormalDelays(Mean: 1, Deviation: 1, PerWorker: false), 2 + hazard, 1 - hazard - (hazard * hazard));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Exponential(bool perWorker) => Moments(new ExponentialDelays(Computing: 3, Rate: 2, PerWorker: perWorker), 3 * 1.5, 9.0 / 4);

    /// <summary>Pareto(s, a): mean s·a/(a − 1), variance s²a/((a − 1)²(a − 2)).</summary>
    [Fact]
    public void Pareto() => Moments(new ParetoDelays(Shortest: 2, Shape: 6), 2.4, 4.0 * 6 / (25 * 4));

    [Fact]
    public void A_heavy_tail_has_turns_a_hundred_times_the_median()
    {
        var works = Works(new ParetoDelays(Shape: 1.2));
        works.Max().ShouldBeGreaterThan(100 * works.Order().ElementAt(Draws / 2));
    }

    [Fact]
    public void A_worker_with_a_delay_of_its_own_keeps_it()
    {
        var delays = new TruncatedNormalDelays();
        var first = Enumerable.Range(0, 50).Select(worker => delays.Next(new TurnStart(7, worker, 0, 0))).ToList();
        Enumerable.Range(0, 50).Select(worker => delays.Next(new TurnStart(7, worker, 1, 9))).ShouldBe(first);
        first.Distinct().Count().ShouldBe(50);
    }

    [Fact]
    public void Workers_drop_out_as_often_and_as_long_as_asked()
    {
        var delays = new DropOutDelays(new ConstantDelays(), Probability: 0.1, MeanSeconds: 30);
        var away = Turns(delays).Select(static turn => turn.Away).Where(static away => away > 0).ToList();
        ((double)away.Count / Draws).ShouldBe(0.1, 5 * Math.Sqrt(0.09 / Draws));
        away.Average().ShouldBe(30, 5 * 30 / Math.Sqrt(away.Count));
    }

    [Fact]
    public void An_outage_keeps_its_workers_away_while_it_lasts()
    {
        var delays = new OutageDelays(new ConstantDelays(), new HashSet<int> { 1 }, From: 10, Until: 15);
        Away(1, now: 9.9).ShouldBe(0);
        Away(1, now: 10).ShouldBe(5);
        Away(1, now: 14).ShouldBe(1);
        Away(1, now: 15).ShouldBe(0);
        Away(0, now: 12).ShouldBe(0);

        double Away(int worker, double now) => delays.Next(new TurnStart(1, worker, 0, now)).Away;
    }

    [Fact]
    public void A_rate_divides_the_work()
    {
        var delays = RatedDelays.OfLast(2, workers: 5, rate: 10, new ConstantDelays());
        Enumerable.Range(0, 5).Select(worker => delays.Next(new TurnStart(1, worker, 0, 0)).Work).ShouldBe([1, 1, 1, 0.1, 0.1]);
    }

    private static void Moments(IDelayModel delays, double mean, double variance)
    {
        var works = Works(delays);
        works.Average().ShouldBe(mean, 5 * Math.Sqrt(variance / Draws));
        works.Average(work => (work - mean) * (work - mean)).ShouldBe(variance, 0.15 * variance);
    }

    private static double[] Works(IDelayModel delays) => [.. Turns(delays).Select(static turn => turn.Work)];

    private static IEnumerable<Turn> Turns(IDelayModel delays) => Enumerable.Range(0, Draws).Select(worker => delays.Next(new TurnStart(11, worker, worker % 7, 0)));
}
