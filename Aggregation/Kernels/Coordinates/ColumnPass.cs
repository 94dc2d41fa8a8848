using System.Buffers;
using System.Numerics;

namespace Basgd.Aggregation.Kernels;

/// <summary>Runs a <see cref="ColumnKernel{T}"/> over all columns of the rows, or of mixtures of them made in small tiles.</summary>
internal sealed unsafe class ColumnPass<T> : IColumnWork
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Where finite values overflow a sum, values this much smaller do not. An exact scaling: ranks and ties stay.</summary>
    private static readonly T Reduction = T.CreateChecked(1.0 / 1024);

    private static readonly T Largest = T.BitDecrement(T.PositiveInfinity);

    /// <summary>Half of a common first-level data cache.</summary>
    private const int TileBytes = 16 * 1024;

    /// <summary>As many as a mixture is made of at once.</summary>
    private const int LeastTileColumns = 128;

    /// <summary>Rows of so many bytes together come from memory; fewer stay in the caches, where looking ahead costs more than it gains.</summary>
    private const long LeastFetchedBytes = 48 * 1024 * 1024;

    [ThreadStatic]
    private static ColumnPass<T>? spare;

    private PinnedRows<T> rows;
    private MixingKernel<T>? mixing;
    private ColumnKernel<T> kernel = null!;
    private T* result;
    private bool fetchesRows;
    private bool finite;

    /// <param name="mixing">Weights of the rows that the kernel sees, Σⱼ Mᵢⱼ xⱼ; null where it sees those in memory.</param>
    /// <param name="result">Filled; length d.</param>
    /// <param name="threads">≥ 1.</param>
    /// <returns>False when a value is not finite.</returns>
    public static bool Run(ReadOnlySpan<ReadOnlyMemory<T>> rows, double[][]? mixing, ColumnKernel<T> kernel, Span<T> result, SimdWidth width, int threads) =>
        Run(rows, mixing, kernel, result, width, threads, fetchesRows: Prefetching.PaysByPieces && kernel.WaitsForRows && (long)rows.Length * result.Length * sizeof(T) >= LeastFetchedBytes);

    internal static bool Run(ReadOnlySpan<ReadOnlyMemory<T>> rows, double[][]? mixing, ColumnKernel<T> kernel, Span<T> result, SimdWidth width, int threads, bool fetchesRows)
    {
        var pass = spare ?? new ColumnPass<T>();
        spare = null;
        using var pinned = new PinnedRows<T>(rows);
        using var mixes = mixing is null ? null : new MixingKernel<T>(pinned.Addresses, mixing, width);
        fixed (T* target = result)
        {
            pass.rows = pinned;
            pass.mixing = mixes;
            pass.kernel = kernel;
            pass.result = target;
            pass.fetchesRows = fetchesRows;
            pass.finite = true;
            ColumnChunks.ForEach(result.Length, threads, pass);
        }

        spare = pass;
        return pass.finite;
    }

    public void Run(int chunk, int start, int count)
    {
        if (mixing is null)
        {
            fixed (nint* addresses = rows.Addresses)
            {
                if (fetchesRows) RunFetched(addresses, start, count);
                else RunColumns(addresses, result, start, count);
            }
        }
        else
        {
            RunMixed(mixing, start, count);
        }
    }

    private void RunFetched(nint* addresses, int start, int count)
    {
        const int Step = RowFetcher<T>.Step;
        var fetcher = new RowFetcher<T>(addresses, kernel.Rows, start + count);
        fetcher.Begin(start);
        var last = Math.Max(1, count / Step) - 1;
        for (var step = 0; step <= last; step++)
        {
            // The last one has what is left beside: alone that might be too few for a vector.
            var column = start + (step * Step);
            fetcher.Continue(step, column);
            RunColumns(addresses, result, column, step < last ? Step : start + count - column);
        }
    }

    private void RunMixed(MixingKernel<T> mixing, int start, int count)
    {
        var n = mixing.Count;
        var width = Math.Max(LeastTileColumns, TileBytes / (n * sizeof(T)) / LeastTileColumns * LeastTileColumns);
        using var tile = new AlignedScratch<T>(n * width);
        var addresses = stackalloc nint[n];
        for (var i = 0; i < n; i++) addresses[i] = (nint)(tile.Address + (i * width));
        for (var done = 0; done < count; done += width)
        {
            var columns = Math.Min(width, count - done);
            mixing.Into(start + done, columns, tile.Span, width);
            RunColumns(addresses, result + start + done, 0, columns);
        }
    }

    private void RunColumns(nint* addresses, T* target, int start, int count)
    {
        if (count >= kernel.Lanes && kernel.Run(addresses, target, start, count)) return;

        // Too few columns for a vector, or something in them is very large or not finite: vector by vector, on a copy.
        for (var done = 0; done < count && Volatile.Read(ref finite); done += kernel.Lanes) RunCopied(addresses, target, start + done, Math.Min(kernel.Lanes, count - done));
    }

    private void RunCopied(nint* addresses, T* target, int start, int count)
    {
        var lanes = kernel.Lanes;
        var scratch = ArrayPool<T>.Shared.Rent((kernel.Rows + 1) * lanes);
        Array.Clear(scratch);
        var copies = stackalloc nint[kernel.Rows];
        fixed (T* block = scratch)
        {
            var values = block + (kernel.Rows * lanes);
            for (var i = 0; i < kernel.Rows; i++)
            {
                copies[i] = (nint)(block + (i * lanes));
                new ReadOnlySpan<T>((T*)addresses[i] + start, count).CopyTo(new Span<T>((T*)copies[i], lanes));
            }

            var all = new Span<T>(block, kernel.Rows * lanes);
            var scale = T.One;
            if (!kernel.Run(copies, values, 0, lanes))
            {
                if (!Finite.AllOf<T>(all))
                {
                    Volatile.Write(ref finite, false);
                    return;
                }

                scale = Reduction;
                foreach (ref var value in all) value *= scale;
                kernel.Run(copies, values, 0, lanes);
            }

            // A mean of the largest numbers may be rounded to one that is too large.
            for (var k = 0; k < count; k++) target[start + k] = T.Clamp(values[k] / scale, -Largest, Largest);
        }

        ArrayPool<T>.Shared.Return(scratch);
    }
}
