using System.Globalization;
using Basgd.Experiments.Running;
using Basgd.Simulator;

namespace Basgd.Experiments;

/// <summary>What an experiment compares models by, or servers.</summary>
/// <param name="Name">For tables and axes.</param>
/// <param name="HigherIsBetter">Else lower is.</param>
/// <param name="IsShare">Whether it is in percent, 0 … 100; else pictures have a logarithmic axis.</param>
/// <param name="Of">Its values in a run, by time, in the unit of <paramref name="Name"/>.</param>
internal sealed record Metric(string Name, bool HigherIsBetter, bool IsShare, Func<RunRecord, IReadOnlyList<Sample>> Of)
{
    /// <summary>Share of the held-out examples answered right, in percent.</summary>
    public static Metric Accuracy { get; } = OfCurve("test accuracy, %", true, true, static point => 100 * point.Accuracy);

    /// <summary>exp of the mean loss on the held-out words.</summary>
    public static Metric Perplexity { get; } = OfCurve("test perplexity", false, false, static point => Math.Exp(point.TestLoss));

    /// <summary>Of the evaluations.</summary>
    public static Metric OfCurve(string name, bool higherIsBetter, bool isShare, Func<CurvePoint, double> of) =>
        new(name, higherIsBetter, isShare, run => [.. run.Curve.Select(point => new Sample(point.At, of(point)))]);

    /// <summary>Of what was believed, in percent.</summary>
    public static Metric OfBeliefs(string name, bool higherIsBetter, Func<RoundBeliefs, double> of) =>
        new(name, higherIsBetter, IsShare: true, run => [.. run.Beliefs.Select(round => new Sample(round.At, of(round)))]);

    /// <summary>By how much the first is better than the second.</summary>
    public double Advantage(double first, double second) => HigherIsBetter ? first - second : second - first;

    /// <summary>Few enough digits to read.</summary>
    public static string Show(double value) => value switch
    {
        double.NaN => "–",
        double.PositiveInfinity => "∞",
        double.NegativeInfinity => "−∞",
        _ => value.ToString(Math.Abs(value) >= 1e5 ? "0.0e0" : Math.Abs(value) >= 1000 ? "0" : "0.0", CultureInfo.InvariantCulture),
    };
}

/// <summary>A metric at a time.</summary>
internal readonly record struct Sample(Progress At, double Value);
