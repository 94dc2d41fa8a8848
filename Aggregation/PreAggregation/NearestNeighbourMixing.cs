using Basgd.Aggregation.Kernels;

namespace Basgd.Aggregation;

/// <summary>
/// Each row becomes the mean of the n − f rows nearest to it, itself among them; the lowest index wins ties. Needs n ≥ 2f + 1.
/// Allouah, Farhadkhani, Guerraoui, Gupta, Pinot, Stephan: Fixing by mixing, AISTATS 2023.
/// </summary>
internal sealed class NearestNeighbourMixing(int f) : PreAggregation
{
    public static readonly RuleDefinition Definition = new(
        new RuleInfo("nnm", "each row becomes the mean of the n − f rows nearest to it", [F], "f, n ≥ 2f + 1", "Allouah et al., AISTATS 2023"),
        static arguments => new NearestNeighbourMixing(arguments.Integer("f", atLeast: 0)));

    public override void Demand(int n) => DemandMajority("nnm", f, n);

    public override double[][] Mix(Geometry geometry, long round)
    {
        var kept = geometry.Count - f;
        var matrix = new double[geometry.Count][];
        for (var i = 0; i < matrix.Length; i++)
        {
            matrix[i] = new double[matrix.Length];
            foreach (var j in geometry.Nearest(i).AsSpan(0, kept)) matrix[i][j] = 1.0 / kept;
        }

        return matrix;
    }
}
