using Basgd.Aggregation.Kernels;

namespace Basgd.Aggregation;

/// <summary>
/// The row with the least sum of squared distances to its n − f − 2 nearest others; the lowest index wins ties. One pass for the
/// distances, one to copy. Needs n ≥ 2f + 3, stands f bad rows. Blanchard, El Mhamdi, Guerraoui, Stainer: Machine learning with
/// adversaries, NeurIPS 2017. With <c>neighbours=-1</c> it counts n − f − 1 others and asks for n ≥ 2f + 1 only, as ByzFL does.
/// </summary>
internal sealed class Krum(KrumScores scores) : WeightRule
{
    public static readonly RuleDefinition Definition = new(
        new RuleInfo(
            "krum",
            "the row nearest to its n − f − 2 nearest others",
            [F, KrumScores.Neighbours],
            KrumScores.Breakdown,
            KrumScores.Paper),
        static arguments => new Krum(new KrumScores(arguments)));

    public override void Demand(int n) => scores.Demand("krum", n);

    public override void Weigh(Geometry geometry, Span<double> weights) => weights[scores.Best(geometry)[0]] = 1;
}
