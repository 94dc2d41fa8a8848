using Basgd.Aggregation.Kernels;

namespace Basgd.Aggregation;

/// <summary>
/// The mean of the n − f rows nearest to row idx, which is trusted and counts itself; the lowest index wins ties. One pass for
/// the distances to that row, one for the mean. Needs n ≥ 2f + 1, stands f bad rows as long as row idx is honest.
/// Farhadkhani, Guerraoui, Gupta, Hoang, Pinot, Stephan: Robust collaborative learning with linear gradient overhead, ICML 2023.
/// </summary>
internal sealed class Monna(int f, int trusted) : WeightRule
{
    public static readonly RuleDefinition Definition = new(
        new RuleInfo(
            "monna",
            "the mean of the n − f rows nearest to a trusted one",
            [F, new ParameterInfo("idx", 0, "the trusted row, 0 … n−1")],
            "f, n ≥ 2f + 1, if row idx is honest",
            "Farhadkhani et al., ICML 2023"),
        static arguments => new Monna(arguments.Integer("f", atLeast: 0), arguments.Integer("idx", atLeast: 0)));

    public override void Demand(int n)
    {
        DemandMajority("monna", f, n);
        if (trusted >= n) throw new ArgumentException($"monna: idx = {trusted} with n = {n} rows: must be ≤ n − 1 = {n - 1}.");
    }

    public override void Weigh(Geometry geometry, Span<double> weights)
    {
        var kept = geometry.Count - f;
        foreach (var i in geometry.NearestToOne(trusted).AsSpan(0, kept)) weights[i] = 1.0 / kept;
    }
}
