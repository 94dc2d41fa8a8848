using Basgd.Aggregation.Kernels;
using System.Numerics;

namespace Basgd.Aggregation;

/// <summary>Runs the stages before a rule and folds their matrices into one.</summary>
internal static class Mixing
{
    /// <param name="stages">The first gets the rows, each other what the one before it made of them.</param>
    /// <param name="round">For the stages that need chance.</param>
    /// <returns>What the rule sees, and the matrix from the given rows to that; the rows themselves and null where there is no stage.</returns>
    public static (Geometry Geometry, double[][]? Mixing) Of<T>(IReadOnlyList<PreAggregation> stages, RowGeometry<T> rows, long round)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Geometry geometry = rows;
        double[][]? mixing = null;
        foreach (var stage in stages)
        {
            stage.Demand(geometry.Count);
            var next = stage.Mix(geometry, round);
            mixing = mixing is { } before ? [.. next.Select(weights => Fold(weights, before))] : next;
            geometry = new MixedGeometry<T>(rows, mixing);
        }

        return (geometry, mixing);
    }

    /// <summary>Weights of mixed rows as weights of the rows they are mixed from.</summary>
    public static double[] Fold(ReadOnlySpan<double> weights, double[][] mixing)
    {
        var folded = new double[mixing[0].Length];
        for (var k = 0; k < weights.Length; k++)
        {
            if (weights[k] != 0) Widening.MultiplyAdd<double>(mixing[k], weights[k], folded);
        }

        return folded;
    }
}
