using System.Globalization;

namespace Basgd.Experiments;

/// <summary>An expectation that an experiment puts to the test, with the numbers that decide it.</summary>
/// <param name="Claim">In words.</param>
/// <param name="Held">Whether it did.</param>
/// <param name="Numbers">What was compared.</param>
internal sealed record Ordering(string Claim, bool Held, string Numbers)
{
    /// <summary>The first is better than the second by a margin, in the mean over seeds; a negative margin allows it to be worse.</summary>
    public static Ordering Better(Metric metric, string claim, IReadOnlyList<double> first, IReadOnlyList<double> second, double margin)
    {
        var (a, b) = (Spread.Of(first), Spread.Of(second));
        var advantage = metric.Advantage(a.Mean, b.Mean);
        return new Ordering(claim, advantage >= margin, $"{a} against {b}: {Signed(advantage)}, at least {Signed(margin)} expected");
    }

    /// <summary>Every value lies in a range.</summary>
    public static Ordering Within(string claim, IReadOnlyList<double> values, double least, double most)
    {
        var range = (least, most) switch
        {
            (double.NegativeInfinity, _) => $"at most {Metric.Show(most)}",
            (_, double.PositiveInfinity) => $"at least {Metric.Show(least)}",
            _ => $"{Metric.Show(least)} … {Metric.Show(most)}",
        };
        return new Ordering(claim, values.All(value => value >= least && value <= most), $"{string.Join(", ", values.Select(Metric.Show))}; {range} expected");
    }

    private static string Signed(double value) => double.IsFinite(value) ? value.ToString("+0.0;-0.0;0.0", CultureInfo.InvariantCulture) : Metric.Show(value);

    public override string ToString() => $"{(Held ? "held" : "NOT HELD")}: {Claim} ({Numbers})";
}
