using System.Numerics;

namespace Basgd.Aggregation;

/// <summary>What colluding attackers compute from the honest vectors, in double.</summary>
internal static class HonestRows
{
    /// <exception cref="ArgumentException">Fewer rows than that, or one of another length.</exception>
    public static void Demand<T>(string attack, int atLeast, ReadOnlySpan<ReadOnlyMemory<T>> honest, int dimension)
    {
        if (honest.Length < atLeast) throw new ArgumentException($"{attack}: {honest.Length} honest rows: must be ≥ {atLeast}.");
        RowChecks.Shape(honest, dimension);
    }

    public static double[] Mean<T>(ReadOnlySpan<ReadOnlyMemory<T>> honest, int dimension)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var mean = new double[dimension];
        foreach (var row in honest)
        {
            var values = row.Span;
            for (var k = 0; k < mean.Length; k++) mean[k] += double.CreateChecked(values[k]) / honest.Length;
        }

        return mean;
    }

    /// <summary>The sample's standard deviation, with h − 1 in the denominator.</summary>
    public static double[] Deviation<T>(ReadOnlySpan<ReadOnlyMemory<T>> honest, ReadOnlySpan<double> mean)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var deviation = new double[mean.Length];
        foreach (var row in honest)
        {
            var values = row.Span;
            for (var k = 0; k < deviation.Length; k++)
            {
                var difference = double.CreateChecked(values[k]) - mean[k];
                deviation[k] += difference * difference;
            }
        }

        foreach (ref var value in deviation.AsSpan()) value = Math.Sqrt(value / (honest.Length - 1));
        return deviation;
    }
}
