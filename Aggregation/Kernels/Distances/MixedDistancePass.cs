using System.Buffers;
using System.Numerics;
using System.Runtime.Intrinsics;

namespace Basgd.Aggregation.Kernels;

/// <summary>
/// One pass over rows in memory for the distances between mixtures of them, mixed and measured in double. What is known of the rows
/// mostly tells the same for nothing; this is for when it does not.
/// </summary>
internal sealed unsafe class MixedDistancePass<T> : IColumnWork
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Columns mixed at a time, so that the mixtures stay in the second-level cache.</summary>
    private const int Panel = 256;

    private readonly PinnedRows<T> rows;
    private readonly double[][] mixing;
    private readonly bool pairs;
    private readonly SimdWidth width;
    private readonly double[] partial;

    private MixedDistancePass(PinnedRows<T> rows, double[][] mixing, bool pairs, SimdWidth width, double[] partial)
    {
        this.rows = rows;
        this.mixing = mixing;
        this.pairs = pairs;
        this.width = width;
        this.partial = partial;
    }

    /// <summary>n + 1 mixtures: the last is the one that the others are measured against.</summary>
    private int Size => mixing.Length;

    /// <summary>Fills in ‖yᵢ − yⱼ‖² for the mixtures yᵢ = Σₖ Mᵢₖ xₖ.</summary>
    /// <param name="dimension">d.</param>
    /// <param name="mixing">M, a row for each of n + 1 mixtures.</param>
    /// <param name="pairs">Whether to measure the first n among themselves; all are measured against the last.</param>
    /// <param name="squared">(n + 1) × (n + 1), symmetric; what is not to be measured stays.</param>
    public static void Measure(PinnedRows<T> rows, int dimension, double[][] mixing, bool pairs, SimdWidth width, int threads, Span<double> squared)
    {
        var size = mixing.Length;
        var chunks = ColumnChunks.CountFor(dimension);
        var partial = ArrayPool<double>.Shared.Rent(chunks * size * size);
        try
        {
            ColumnChunks.ForEach(dimension, threads, new MixedDistancePass<T>(rows, mixing, pairs, width, partial));
            for (var i = pairs ? 0 : size - 1; i < size; i++)
            {
                for (var j = 0; j < i; j++)
                {
                    // The panel's sums are those of i < j, and of the last row with any other.
                    var at = i == size - 1 ? (i * size) + j : (j * size) + i;
                    var sum = 0.0;
                    for (var chunk = 0; chunk < chunks; chunk++) sum += partial[(chunk * size * size) + at];
                    squared[(i * size) + j] = squared[(j * size) + i] = sum;
                }
            }
        }
        finally
        {
            ArrayPool<double>.Shared.Return(partial);
        }
    }

    public void Run(int chunk, int start, int count)
    {
        var sums = partial.AsSpan(chunk * Size * Size, Size * Size);
        switch (width)
        {
            case SimdWidth.Bits512: Run<Lanes512<double>, Vector512<double>, Five>(sums, start, count); break;
            case SimdWidth.Bits256: Run<Lanes256<double>, Vector256<double>, Three>(sums, start, count); break;
            default: Run<Lanes128<double>, Vector128<double>, Three>(sums, start, count); break;
        }
    }

    private void Run<TLanes, TVector, TGroup>(Span<double> sums, int start, int count)
        where TLanes : ILanes<TVector, double>
        where TVector : unmanaged
        where TGroup : ISize
    {
        var n = Size - 1;
        using var parts = new AlignedScratch<double>(sums.Length * TLanes.Count);
        using var given = new AlignedScratch<double>(rows.Count * Panel);
        using var mixed = new AlignedScratch<double>(Size * Panel);
        using var inputs = new AlignedScratch<nint>(rows.Count);
        using var outputs = new AlignedScratch<nint>(Size);
        for (var i = 0; i < rows.Count; i++) inputs.Address[i] = (nint)(given.Address + (i * Panel));
        for (var i = 0; i < Size; i++) outputs.Address[i] = (nint)(mixed.Address + (i * Panel));
        using var kernel = new MixingKernel<double>(inputs.Span, mixing, width);
        parts.Span.Clear();
        for (var column = start; column < start + count; column += Panel)
        {
            var columns = Math.Min(Panel, start + count - column);
            for (var i = 0; i < rows.Count; i++)
            {
                var row = given.Span.Slice(i * Panel, Panel);
                Widening.Copy(new ReadOnlySpan<T>(rows.At(i, column), columns), row);
                row[columns..].Clear();
            }

            kernel.Into(0, Panel, mixed.Span, Panel);
            for (var group = 0; group < n; group += TGroup.Value)
            {
                DistancePanel<TLanes, TVector, double, TGroup>.AddWithin(parts.Address, outputs.Address, n, group, Panel, pairs, norms: true);
            }

            if (pairs) DistancePanel<TLanes, TVector, double, TGroup>.AddBetween(parts.Address, outputs.Address, n, Panel);
        }

        for (var k = 0; k < sums.Length; k++) sums[k] = TLanes.Sum(TLanes.Load(parts.Address + (k * TLanes.Count)));
    }
}
