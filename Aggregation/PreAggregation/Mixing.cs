using Basgd.Aggregation.Kernels;
using System.Numerics;

namespace Basgd.Aggregation;

/// <summary>Runs the stages before a rule and folds their matrices into one.</summary>
internal static class Mixing
{
    /// <returns>The matrix from the given rows to those the rule sees; null where there is no stage.</returns>
    public static double[][]? Of<T>(IReadOnlyList<PreAggregation> stages, ReadOnlySpan<ReadOnlyMemory<T>> rows)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double[][]? mixing = null;
        foreach (var stage in stages)
        {
            var geometry = new RowGeometry<T>(rows, mixing);
            stage.Demand(geometry.Count);
            var next = stage.Mix(geometry);
            mixing = mixing is { } before ? [.. next.Select(weights => Fold(weights, before))] : next;
        }

        return mixing;
    }

    /// <summary>Weights of mixed rows as weights of the rows they are mixed from.</summary>
    public static double[] Fold(ReadOnlySpan<double> weights, double[][] mixing)
    {
        var folded = new double[mixing[0].Length];
        for (var k = 0; k < weights.Length; k++)
        {
            for (var i = 0; i < folded.Length; i++) folded[i] += weights[k] * mixing[k][i];
        }

        return folded;
    }
}
