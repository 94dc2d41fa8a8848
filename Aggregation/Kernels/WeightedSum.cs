using System.Numerics;

namespace Basgd.Aggregation.Kernels;

/// <summary>Σ wᵢ xᵢ in one pass: <see cref="MixingKernel{T}"/>, which states the error, for a single new row.</summary>
internal static unsafe class WeightedSum
{
    /// <summary>Rows of weight zero are not read.</summary>
    /// <returns>False when the result is not finite.</returns>
    public static bool Into<T>(ReadOnlySpan<ReadOnlyMemory<T>> rows, double[] weights, Span<T> result, SimdWidth width, int threads)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var pinned = new PinnedRows<T>(rows);
        using var kernel = new MixingKernel<T>(pinned.Addresses, [weights], width);
        fixed (T* target = result)
        {
            var work = new Work<T>(kernel, target);
            ColumnChunks.ForEach(result.Length, threads, work);
            return work.IsFinite;
        }
    }

    private sealed class Work<T>(MixingKernel<T> kernel, T* result) : IColumnWork
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private volatile bool isFinite = true;

        public bool IsFinite => isFinite;

        public void Run(int chunk, int start, int count)
        {
            if (!kernel.Into(start, count, new Span<T>(result + start, count), stride: count)) isFinite = false;
        }
    }
}
