using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Basgd.Aggregation.Kernels;

/// <summary>Σ wᵢ xᵢ in one pass, summed in double and in the order of the rows.</summary>
internal static class WeightedSum
{
    /// <summary>Columns summed at a time: the sums stay in the first-level cache.</summary>
    private const int Width = 1024;

    /// <summary>Rows of weight zero are not read.</summary>
    /// <returns>False when the result is not finite.</returns>
    public static bool Into<T>(ReadOnlySpan<ReadOnlyMemory<T>> rows, ReadOnlySpan<double> weights, Span<T> result)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var finite = true;
        var scratch = ArrayPool<double>.Shared.Rent(Width);
        try
        {
            for (var column = 0; column < result.Length; column += Width)
            {
                var sums = scratch.AsSpan(0, Math.Min(Width, result.Length - column));
                Of(rows, weights, column, sums);
                finite &= Finite.All(sums);
                Widening.CopyBack(sums, result.Slice(column, sums.Length));
            }
        }
        finally
        {
            ArrayPool<double>.Shared.Return(scratch);
        }

        return finite;
    }

    /// <summary>Some columns of Σ wᵢ xᵢ.</summary>
    /// <param name="column">The first of them.</param>
    /// <param name="sums">Filled; as long as there are columns.</param>
    public static void Of<T>(ReadOnlySpan<ReadOnlyMemory<T>> rows, ReadOnlySpan<double> weights, int column, Span<double> sums)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        sums.Clear();
        for (var i = 0; i < rows.Length; i++)
        {
            if (weights[i] != 0) MultiplyAdd(rows[i].Span.Slice(column, sums.Length), weights[i], sums);
        }
    }

    /// <summary>sums ← sums + w x.</summary>
    public static void MultiplyAdd<T>(ReadOnlySpan<T> x, double weight, Span<double> sums)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var w = new Vector<double>(weight);
        var vectors = MemoryMarshal.Cast<T, Vector<T>>(x);
        var totals = MemoryMarshal.Cast<double, Vector<double>>(sums);
        if (typeof(T) == typeof(double))
        {
            for (var c = 0; c < vectors.Length; c++) totals[c] = Vector.FusedMultiplyAdd(vectors[c].As<T, double>(), w, totals[c]);
        }
        else
        {
            for (var c = 0; c < vectors.Length; c++)
            {
                var narrow = vectors[c].As<T, float>();
                totals[2 * c] = Vector.FusedMultiplyAdd(Vector.WidenLower(narrow), w, totals[2 * c]);
                totals[(2 * c) + 1] = Vector.FusedMultiplyAdd(Vector.WidenUpper(narrow), w, totals[(2 * c) + 1]);
            }
        }

        for (var k = vectors.Length * Vector<T>.Count; k < x.Length; k++) sums[k] = double.FusedMultiplyAdd(double.CreateChecked(x[k]), weight, sums[k]);
    }
}
