using System.Numerics;
using System.Runtime.CompilerServices;

namespace Basgd.Aggregation.Kernels;

/// <summary>
/// The same few columns of every row, side by side in one small block. Rows are padded with zeros to whole vectors, so kernels
/// on a tile need no scalar tail.
/// </summary>
internal readonly ref struct Tile<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Half of a common first-level data cache.</summary>
    private const int Bytes = 16 * 1024;

    private const int MostColumns = 1024;

    private readonly Span<T> block;

    /// <param name="scratch">At least rows × width values, the width rounded up to whole vectors.</param>
    /// <param name="width">Columns.</param>
    public Tile(Span<T> scratch, int rows, int width)
    {
        Rows = rows;
        Width = RoundUp(width);
        block = scratch[..(rows * Width)];
    }

    public int Rows { get; }

    /// <summary>Columns, padding included: a multiple of the vector's length.</summary>
    public int Width { get; }

    public Span<T> this[int row] => block.Slice(row * Width, Width);

    /// <summary>How many columns of so many rows make a tile.</summary>
    public static int WidthFor(int rows) => Math.Clamp(RoundUp(Bytes / (rows * Unsafe.SizeOf<T>())), 2 * Vector<T>.Count, MostColumns);

    /// <summary>Copies columns in.</summary>
    /// <returns>False when a value is not finite.</returns>
    public bool Load(ReadOnlySpan<ReadOnlyMemory<T>> rows, int column, int count)
    {
        var finite = true;
        for (var i = 0; i < rows.Length; i++)
        {
            var row = this[i];
            rows[i].Span.Slice(column, count).CopyTo(row);
            row[count..].Clear();
            finite &= Finite.AllInVectors<T>(row);
        }

        return finite;
    }

    /// <summary>Copies columns of mixed rows in: row i is Σⱼ Mᵢⱼ xⱼ, summed in double.</summary>
    /// <returns>False when a value is not finite.</returns>
    public bool Load(ReadOnlySpan<ReadOnlyMemory<T>> rows, double[][] mixing, int column, int count)
    {
        Span<double> sums = stackalloc double[MostColumns];
        var finite = true;
        for (var i = 0; i < mixing.Length; i++)
        {
            var row = this[i];
            WeightedSum.Of(rows, mixing[i], column, sums[..count]);
            Widening.CopyBack(sums[..count], row[..count]);
            row[count..].Clear();
            finite &= Finite.AllInVectors<T>(row);
        }

        return finite;
    }

    private static int RoundUp(int width) => (width + Vector<T>.Count - 1) / Vector<T>.Count * Vector<T>.Count;
}
