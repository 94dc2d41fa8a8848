using System.Buffers;
using System.Numerics;
using System.Runtime.Intrinsics;

namespace Basgd.Aggregation.Kernels;

/// <summary>
/// One pass over n rows for the squared distances between them, their squared norms, or both. Differences are taken directly, never a
/// Gram matrix, which loses nearly equal rows to cancellation and can be made to by one huge row.
/// <para>
/// Sums are kept in T over a block of 16,384 columns and in double over the blocks, in an order that depends on d and the width alone.
/// A sum in float is off by at most <see cref="FloatError"/> of itself, by 1e-7 as a rule. Blocks in which a pair's squares may have
/// overflowed or vanished in float are measured again in double, that pair alone.
/// </para>
/// </summary>
internal sealed unsafe class DistancePass<T> : IColumnWork
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>
    /// The relative error of a sum in float at most, in units of 2⁻²⁴: two roundings of a difference and its square, 32 additions in a
    /// panel and one a panel, of which a block has 32, 64 or 128 by the width.
    /// </summary>
    public const double FloatError = (2 + 1 + 32 + 128) / (double)(1 << 24);

    /// <summary>Columns whose sums are kept in T.</summary>
    private const int Block = 16 * 1024;

    /// <summary>Registers of a row in a panel.</summary>
    private const int PanelRegisters = 32;

    private readonly PinnedRows<T> rows;
    private readonly bool pairs;
    private readonly bool norms;
    private readonly int centre;
    private readonly SimdWidth width;
    private readonly double[] partial;

    private DistancePass(PinnedRows<T> rows, bool pairs, bool norms, int centre, SimdWidth width, double[] partial)
    {
        this.rows = rows;
        this.pairs = pairs;
        this.norms = norms;
        this.centre = centre;
        this.width = width;
        this.partial = partial;
    }

    /// <summary>n + 1: the origin, or a centre, is measured against as if it were one row more, the last.</summary>
    private int Size => rows.Count + 1;

    /// <summary>Fills in ‖xᵢ − xⱼ‖² and, in row and column n, ‖xⱼ‖²; not finite where a value of a row is not or a sum is too large for double.</summary>
    /// <param name="dimension">d.</param>
    /// <param name="pairs">Whether to measure the distances.</param>
    /// <param name="norms">Whether to measure the norms.</param>
    /// <param name="squared">(n + 1) × (n + 1), symmetric; what is not to be measured stays.</param>
    /// <param name="centre">A row to measure against in place of the origin: ‖x_centre − xⱼ‖² takes the place of ‖xⱼ‖². −1 for none.</param>
    public static void Measure(PinnedRows<T> rows, int dimension, bool pairs, bool norms, SimdWidth width, int threads, Span<double> squared, int centre = -1)
    {
        var size = rows.Count + 1;
        var chunks = ColumnChunks.CountFor(dimension);
        var partial = ArrayPool<double>.Shared.Rent(chunks * size * size);
        try
        {
            var pass = new DistancePass<T>(rows, pairs, norms, centre, width, partial);
            ColumnChunks.ForEach(dimension, threads, pass);
            for (var i = 0; i < size; i++)
            {
                for (var j = pass.FirstAgainst(i); j < rows.Count; j++)
                {
                    var sum = 0.0;
                    for (var chunk = 0; chunk < chunks; chunk++) sum += partial[(((chunk * size) + i) * size) + j];
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
        sums.Clear();
        switch (width)
        {
            case SimdWidth.Bits512: Run<Lanes512<T>, Vector512<T>, Five>(sums, start, count); break;
            case SimdWidth.Bits256: Run<Lanes256<T>, Vector256<T>, Three>(sums, start, count); break;
            default: Run<Lanes128<T>, Vector128<T>, Three>(sums, start, count); break;
        }
    }

    private void Run<TLanes, TVector, TGroup>(Span<double> sums, int start, int count)
        where TLanes : ILanes<TVector, T>
        where TVector : unmanaged
        where TGroup : ISize
    {
        var n = rows.Count;
        var panel = PanelRegisters * TLanes.Count;
        var registers = Size * Size * TLanes.Count;
        using var addresses = new AlignedScratch<nint>(Size);
        using var scratch = new AlignedScratch<T>(registers + panel + (n * TLanes.Count));
        var parts = scratch.Address;
        var zeros = parts + registers;
        var tail = zeros + panel;
        new Span<T>(zeros, panel).Clear();

        for (var block = start; block < start + count; block += Block)
        {
            var columns = Math.Min(Block, start + count - block);
            var whole = columns / TLanes.Count * TLanes.Count;
            scratch.Span[..registers].Clear();

            // First group by group: the hardware fetches a few rows ahead where it loses track of many.
            for (var group = 0; group < n; group += TGroup.Value)
            {
                for (var column = 0; column < whole; column += panel)
                {
                    PointTo(block + column, group, Math.Min(group + TGroup.Value, n));
                    DistancePanel<TLanes, TVector, T, TGroup>.AddWithin(parts, addresses.Address, n, group, Math.Min(panel, whole - column), pairs, norms);
                }
            }

            for (var column = 0; pairs && column < whole; column += panel)
            {
                PointTo(block + column, 0, n);
                DistancePanel<TLanes, TVector, T, TGroup>.AddBetween(parts, addresses.Address, n, Math.Min(panel, whole - column));
            }

            if (whole < columns)
            {
                new Span<T>(tail, n * TLanes.Count).Clear();
                for (var i = 0; i < n; i++)
                {
                    addresses.Address[i] = (nint)(tail + (i * TLanes.Count));
                    new Span<T>(rows.At(i, block + whole), columns - whole).CopyTo(new Span<T>(tail + (i * TLanes.Count), TLanes.Count));
                }

                addresses.Address[n] = centre < 0 ? (nint)zeros : addresses.Address[centre];

                for (var group = 0; group < n; group += TGroup.Value)
                {
                    DistancePanel<TLanes, TVector, T, TGroup>.AddWithin(parts, addresses.Address, n, group, TLanes.Count, pairs, norms);
                }

                if (pairs) DistancePanel<TLanes, TVector, T, TGroup>.AddBetween(parts, addresses.Address, n, TLanes.Count);
            }

            for (var i = 0; i <= n; i++)
            {
                for (var j = FirstAgainst(i); j < n; j++)
                {
                    var sum = TLanes.Sum(TLanes.Load(parts + (((i * Size) + j) * TLanes.Count)));
                    sums[(i * Size) + j] += Checked(sum, i, j, block, columns);
                }
            }
        }

        void PointTo(int column, int from, int to)
        {
            for (var i = from; i < to; i++) addresses.Address[i] = (nint)rows.At(i, column);
            addresses.Address[n] = centre < 0 ? (nint)zeros : (nint)rows.At(centre, column);
        }
    }

    /// <summary>The rows that row i is measured against are those from here to n − 1.</summary>
    private int FirstAgainst(int i) => i == rows.Count ? (norms ? 0 : i) : pairs ? i + 1 : rows.Count;

    private double Checked(double sum, int i, int j, int column, int count)
    {
        var y = new ReadOnlySpan<T>(rows.At(j, column), count);
        var other = i == rows.Count ? centre : i;
        return other < 0 ? CheckedSquares.Norm(sum, y) : CheckedSquares.Distance(sum, new ReadOnlySpan<T>(rows.At(other, column), count), y);
    }
}
