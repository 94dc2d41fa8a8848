using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Basgd.Aggregation.Kernels;

/// <summary>
/// Measures rows: differences taken directly and in double, never a Gram matrix, which loses nearly equal rows to cancellation
/// and can be made to by one huge row. Tiles of columns, always in the same order, so the same rows give the same bits.
/// </summary>
/// <param name="rows">The rows in memory.</param>
/// <param name="mixing">Weights of the rows to measure, Σⱼ Mᵢⱼ xⱼ, in terms of those in memory; null to measure the latter.</param>
internal sealed class RowGeometry<T>(ReadOnlySpan<ReadOnlyMemory<T>> rows, double[][]? mixing = null) : Geometry(mixing?.Length ?? rows.Length)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ReadOnlyMemory<T>[] rows = rows.ToArray();

    protected override double[] MeasureAll()
    {
        var n = Count;
        var squared = new double[(n + 1) * (n + 1)];
        ForEachTile(n + 1, tile =>
        {
            tile[n].Clear();
            for (var i = 0; i < n; i++)
            {
                for (var j = i + 1; j <= n; j++) squared[(i * (n + 1)) + j] += SquaredDistance(tile[i], tile[j]);
            }
        });
        for (var i = 0; i <= n; i++)
        {
            for (var j = 0; j < i; j++) squared[(i * (n + 1)) + j] = squared[(j * (n + 1)) + i];
        }

        if (!Finite.All(squared)) throw RowChecks.NotFinite<T>(rows);
        return squared;
    }

    protected override void MeasureTo(ReadOnlySpan<double> a, Span<double> distances)
    {
        var n = Count;
        var weights = a.ToArray();
        var sums = new double[n];
        ForEachTile(n + 1, tile =>
        {
            var z = tile[n];
            z.Clear();
            for (var i = 0; i < n; i++) WeightedSum.MultiplyAdd<double>(tile[i], weights[i], z);
            for (var j = 0; j < n; j++) sums[j] += SquaredDistance(tile[j], z);
        });
        sums.CopyTo(distances);
    }

    private static double SquaredDistance(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        var a = MemoryMarshal.Cast<double, Vector<double>>(x);
        var b = MemoryMarshal.Cast<double, Vector<double>>(y)[..a.Length];
        var even = Vector<double>.Zero;
        var odd = Vector<double>.Zero;
        var c = 0;
        for (; c + 1 < a.Length; c += 2)
        {
            var (first, second) = (a[c] - b[c], a[c + 1] - b[c + 1]);
            even = Vector.FusedMultiplyAdd(first, first, even);
            odd = Vector.FusedMultiplyAdd(second, second, odd);
        }

        if (c < a.Length)
        {
            var last = a[c] - b[c];
            even = Vector.FusedMultiplyAdd(last, last, even);
        }

        return Vector.Sum(even + odd);
    }

    /// <summary>Tiles of <paramref name="tileRows"/> rows in double, of which the first n are the rows and the others for the caller to fill.</summary>
    private void ForEachTile(int tileRows, Action<Tile<double>> action)
    {
        var dimension = rows[0].Length;
        var width = Tile<double>.WidthFor(tileRows);
        var scratch = ArrayPool<double>.Shared.Rent(tileRows * width);
        try
        {
            for (var column = 0; column < dimension; column += width)
            {
                var count = Math.Min(width, dimension - column);
                var tile = new Tile<double>(scratch, tileRows, count);
                for (var i = 0; i < Count; i++)
                {
                    if (mixing is null) Widening.Copy(rows[i].Span.Slice(column, count), tile[i]);
                    else WeightedSum.Of<T>(rows, mixing[i], column, tile[i][..count]);
                    tile[i][count..].Clear();
                }

                action(tile);
            }
        }
        finally
        {
            ArrayPool<double>.Shared.Return(scratch);
        }
    }
}
