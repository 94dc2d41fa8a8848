using System.Numerics;
using System.Runtime.Intrinsics;

namespace Basgd.Aggregation.Kernels;

/// <summary>
/// yᵢ = Σⱼ Mᵢⱼ xⱼ over some columns; rows of weight zero are not read. Sums are in T and in the order of the rows, the same bits in every
/// width: |error| ≤ (m + 1) u Σ |Mᵢⱼ xⱼ| + m v for m weights that are not zero, with u = 2⁻²⁴ and v = 2⁻¹⁵⁰ in float, 2⁻⁵³ and 2⁻¹⁰⁷⁵ in
/// double. Where a weight is too small for float, or a sum in float overflows on its way, the row is summed in double.
/// </summary>
internal sealed unsafe class MixingKernel<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly SimdWidth width;
    private readonly Terms[] rows;
    private readonly AlignedScratch<nint> addresses;
    private readonly AlignedScratch<T> weights;
    private readonly MixingBlock<T>[] blocks;

    /// <param name="inputs">Addresses of the n rows xⱼ, which stay where they are until this is disposed.</param>
    /// <param name="mixing">M: for each new row, n weights.</param>
    public MixingKernel(ReadOnlySpan<nint> inputs, ReadOnlySpan<double[]> mixing, SimdWidth width)
    {
        this.width = width;
        rows = new Terms[mixing.Length];
        addresses = new AlignedScratch<nint>(mixing.Length * inputs.Length);
        weights = new AlignedScratch<T>(mixing.Length * inputs.Length);
        var next = 0;
        for (var i = 0; i < mixing.Length; i++)
        {
            var first = next;
            var isNarrow = true;
            for (var j = 0; j < inputs.Length; j++)
            {
                if (mixing[i][j] == 0) continue;
                addresses.Address[next] = inputs[j];
                weights.Address[next++] = T.CreateChecked(mixing[i][j]);
                isNarrow &= Math.Abs(mixing[i][j]) is > 1e-30 and < 1e30;
            }

            rows[i] = new Terms(first, next - first, isNarrow || typeof(T) == typeof(double), [.. mixing[i].Where(static w => w != 0)]);
        }

        blocks = width == SimdWidth.Bits512 && mixing.Length >= MixingBlock<T>.Rows && rows.All(static row => row.IsNarrow) ? MixingBlock<T>.Cover(inputs, mixing) : [];
    }

    /// <summary>Number of new rows.</summary>
    public int Count => rows.Length;

    /// <summary>Fills some columns of the new rows.</summary>
    /// <param name="column">The first of them.</param>
    /// <param name="count">How many.</param>
    /// <param name="result">Where they go, row 0's first.</param>
    /// <param name="stride">From there to where row 1's go, and so on; ≥ <paramref name="count"/>.</param>
    /// <returns>False when a sum is not finite.</returns>
    public bool Into(int column, int count, Span<T> result, int stride)
    {
        var finite = true;
        fixed (T* target = result)
        {
            foreach (var block in blocks)
            {
                var done = block.Into(column, count, target + (block.First * stride), stride);
                for (var i = block.First; i < block.First + MixingBlock<T>.Rows; i++) finite &= Into(rows[i], column + done, count - done, target + (i * stride) + done);
            }

            for (var i = 0; blocks.Length == 0 && i < rows.Length; i++) finite &= Into(rows[i], column, count, target + (i * stride));
        }

        return finite;
    }

    public void Dispose()
    {
        addresses.Dispose();
        weights.Dispose();
        foreach (var block in blocks) block.Dispose();
    }

    private bool Into(Terms terms, int column, int count, T* target) =>
        (terms.IsNarrow && Sum(terms, column, count, target)) || (typeof(T) == typeof(float) && SumWide(terms, column, count, target));

    private bool Sum(Terms terms, int column, int count, T* target)
    {
        var x = addresses.Address + terms.First;
        var w = weights.Address + terms.First;
        return width switch
        {
            SimdWidth.Bits512 => SumPanel<Lanes512<T>, Vector512<T>, T>.Into(x, w, terms.Count, column, count, target),
            SimdWidth.Bits256 => SumPanel<Lanes256<T>, Vector256<T>, T>.Into(x, w, terms.Count, column, count, target),
            _ => SumPanel<Lanes128<T>, Vector128<T>, T>.Into(x, w, terms.Count, column, count, target),
        };
    }

    private bool SumWide(Terms terms, int column, int count, T* target)
    {
        const int Width = 512;
        Span<double> scratch = stackalloc double[Width];
        for (var c = 0; c < count; c += Width)
        {
            var sums = scratch[..Math.Min(Width, count - c)];
            sums.Clear();
            for (var k = 0; k < terms.Count; k++)
            {
                Widening.MultiplyAdd(new ReadOnlySpan<T>((T*)addresses.Address[terms.First + k] + column + c, sums.Length), terms.Weights[k], sums);
            }

            Widening.CopyBack(sums, new Span<T>(target + c, sums.Length));
        }

        return Finite.All(new ReadOnlySpan<float>(target, count));
    }

    /// <param name="First">Where a row's terms begin among all.</param>
    /// <param name="Count">How many it has.</param>
    /// <param name="IsNarrow">Whether the weights keep their digits in T.</param>
    /// <param name="Weights">The weights.</param>
    private sealed record Terms(int First, int Count, bool IsNarrow, double[] Weights);
}
