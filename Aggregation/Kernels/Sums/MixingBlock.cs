using System.Numerics;
using System.Runtime.Intrinsics;

namespace Basgd.Aggregation.Kernels;

/// <summary>A few new rows of a mixing side by side, where there are registers for them: the given rows that any of them needs, with the weights for all.</summary>
internal sealed unsafe class MixingBlock<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>New rows in a block.</summary>
    public const int Rows = SumBlock<Lanes512<T>, Vector512<T>, T>.Sums;

    private readonly AlignedScratch<nint> addresses;
    private readonly AlignedScratch<T> weights;
    private readonly int count;

    private MixingBlock(int first, ReadOnlySpan<nint> inputs, ReadOnlySpan<double[]> mixing)
    {
        First = first;
        addresses = new AlignedScratch<nint>(inputs.Length);
        weights = new AlignedScratch<T>(inputs.Length * Rows);
        for (var j = 0; j < inputs.Length; j++)
        {
            var needed = false;
            for (var i = 0; i < Rows; i++)
            {
                weights.Address[(count * Rows) + i] = T.CreateChecked(mixing[first + i][j]);
                needed |= mixing[first + i][j] != 0;
            }

            if (needed) addresses.Address[count++] = inputs[j];
        }
    }

    /// <summary>The first of its new rows.</summary>
    public int First { get; }

    /// <summary>Blocks with every new row in at least one: the last may overlap the one before.</summary>
    /// <param name="mixing">M: for each of at least <see cref="Rows"/> new rows, n weights.</param>
    public static MixingBlock<T>[] Cover(ReadOnlySpan<nint> inputs, ReadOnlySpan<double[]> mixing)
    {
        var blocks = new MixingBlock<T>[(mixing.Length + Rows - 1) / Rows];
        for (var b = 0; b < blocks.Length; b++) blocks[b] = new MixingBlock<T>(Math.Min(b * Rows, mixing.Length - Rows), inputs, mixing);
        return blocks;
    }

    /// <summary>Fills columns of the block's new rows.</summary>
    /// <returns>How many, from the first on; 0 where a sum may not be finite.</returns>
    public int Into(int column, int columns, T* result, int stride)
    {
        var step = SumBlock<Lanes512<T>, Vector512<T>, T>.Columns;
        var whole = columns / step * step;
        return SumBlock<Lanes512<T>, Vector512<T>, T>.Into(result, stride, addresses.Address, weights.Address, count, column, whole) ? whole : 0;
    }

    public void Dispose()
    {
        addresses.Dispose();
        weights.Dispose();
    }
}
