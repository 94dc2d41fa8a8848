using Basgd.Aggregation.Kernels;

namespace Basgd.Aggregation;

/// <summary>
/// Krum's score of a row: the sum of squared distances to its n − f − 2 nearest others, as in the paper, or n − f − 1, as in ByzFL.
/// </summary>
internal sealed class KrumScores(Arguments arguments)
{
    public const string Breakdown = "f, n ≥ 2f + 3 (neighbours=-1: n ≥ 2f + 1)";

    public const string Paper = "Blanchard et al., NeurIPS 2017";

    public static readonly ParameterInfo Neighbours = new("neighbours", -2, "how many others count, from n − f: -2 as in the paper, -1 as in ByzFL");

    private readonly int f = arguments.Integer("f", atLeast: 0);
    private readonly int neighbours = arguments.OneOf("neighbours", -2, -1);

    public int F => f;

    public void Demand(string rule, int n)
    {
        var slack = neighbours == -2 ? 3 : 1;
        if (n < (2L * f) + slack) throw Rule.TooFew(rule, $"2f + {slack}", (2L * f) + slack, f, n);
    }

    /// <summary>The rows from best to worst score; the lowest index first where tied.</summary>
    public int[] Best(Geometry geometry) =>
        [.. Enumerable.Range(0, geometry.Count).OrderBy(i => geometry.SumOfNearest(i, geometry.Count - f + neighbours))];
}
