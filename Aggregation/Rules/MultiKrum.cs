using Basgd.Aggregation.Kernels;

namespace Basgd.Aggregation;

/// <summary>
/// The mean of the n − f rows with the best Krum scores; the lowest index wins ties. One pass for the distances, one for the mean.
/// Needs n ≥ 2f + 3, stands f bad rows. Blanchard, El Mhamdi, Guerraoui, Stainer: Machine learning with adversaries, NeurIPS 2017.
/// </summary>
internal sealed class MultiKrum(KrumScores scores) : WeightRule
{
    public static readonly RuleDefinition Definition = new(
        new RuleInfo("multi-krum", "the mean of the n − f rows that Krum likes best", [F, KrumScores.Neighbours], KrumScores.Breakdown, KrumScores.Paper),
        static arguments => new MultiKrum(new KrumScores(arguments)));

    public override void Demand(int n) => scores.Demand("multi-krum", n);

    public override void Weigh(Geometry geometry, Span<double> weights)
    {
        var kept = geometry.Count - scores.F;
        foreach (var i in scores.Best(geometry).AsSpan(0, kept)) weights[i] = 1.0 / kept;
    }
}
