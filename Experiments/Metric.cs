using System.Globalization;
using Basgd.Simulator;

namespace Basgd.Experiments;

/// <summary>What an experiment compares models by.</summary>
/// <param name="Name">For tables and axes.</param>
/// <param name="HigherIsBetter">Else lower is.</param>
/// <param name="Of">Its value at a point of a curve, in the unit of <paramref name="Name"/>.</param>
internal sealed record Metric(string Name, bool HigherIsBetter, Func<CurvePoint, double> Of)
{
    /// <summary>Share of the held-out examples answered right, in percent.</summary>
    public static Metric Accuracy { get; } = new("test accuracy, %", true, static point => 100 * point.Accuracy);

    /// <summary>exp of the mean loss on the held-out words.</summary>
    public static Metric Perplexity { get; } = new("test perplexity", false, static point => Math.Exp(point.TestLoss));

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
