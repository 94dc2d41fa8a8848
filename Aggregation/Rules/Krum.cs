using Basgd.Aggregation.Kernels;

namespace Basgd.Aggregation;

/// <summary>
/// The row with the least sum of squared distances to its n − f − 2 nearest others; the lowest index wins ties. One pass for the
/// distances, one to copy. Needs n ≥ 2f + 3, stands f bad rows. Blanchard, El Mhamdi, Guerraoui, Stainer: Machine learning with
/// adversaries, NeurIPS 2017. With <c>neighbours=-1</c> it counts n − f − 1 others and asks for n ≥ 2f + 1 only, as ByzFL does.
/// </summary>
internal sealed class Krum(int f, int neighbours) : WeightRule
{
    public static readonly RuleDefinition Definition = new(
        new RuleInfo(
            "krum",
            "the row nearest to its n − f − 2 nearest others",
            [F, new ParameterInfo("neighbours", -2, "how many others count, from n − f: -2 as in the paper, -1 as in ByzFL")],
            "f, n ≥ 2f + 3 (neighbours=-1: n ≥ 2f + 1)",
            "Blanchard et al., NeurIPS 2017"),
        static arguments => new Krum(arguments.Integer("f", atLeast: 0), arguments.OneOf("neighbours", -2, -1)));

    public override void Demand(int n)
    {
        var slack = neighbours == -2 ? 3 : 1;
        if (n < (2L * f) + slack) throw TooFew("krum", $"2f + {slack}", (2 * f) + slack, f, n);
    }

    public override void Weigh(Geometry geometry, Span<double> weights)
    {
        var n = geometry.Count;
        var best = 0;
        var least = double.PositiveInfinity;
        for (var i = 0; i < n; i++)
        {
            var score = geometry.SumOfNearest(i, n - f + neighbours);
            if (score >= least) continue;
            (best, least) = (i, score);
        }

        weights[best] = 1;
    }
}
