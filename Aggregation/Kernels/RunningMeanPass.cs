using System.Buffers;
using System.Runtime.Intrinsics;

namespace Basgd.Aggregation.Kernels;

/// <summary>The pass of <see cref="RunningMean.TryAdd(ReadOnlySpan{float}, ReadOnlySpan{float}, int, Span{float}, int, out GradientSquares)"/>.</summary>
internal sealed unsafe class RunningMeanPass : IColumnWork
{
    /// <summary>From this length on the new mean would push everything else out of the caches, and would be read before it is written.</summary>
    private const int LeastNonTemporal = 2 * 1024 * 1024;

    private readonly float* mean;
    private readonly float* gradient;
    private readonly float* next;
    private readonly int count;
    private readonly bool overGradient;
    private readonly bool pastCaches;
    private readonly SimdWidth width;
    private readonly GradientSquares[] partial;

    private RunningMeanPass(float* mean, float* gradient, float* next, int dimension, int count, SimdWidth width, GradientSquares[] partial)
    {
        this.mean = mean;
        this.gradient = gradient;
        this.next = next;
        this.count = count;
        this.width = width;
        this.partial = partial;
        overGradient = next == gradient;
        pastCaches = dimension >= LeastNonTemporal && (nuint)next % 64 == 0 && !overGradient;
    }

    public static bool Run(ReadOnlySpan<float> mean, ReadOnlySpan<float> gradient, int count, Span<float> next, SimdWidth width, int threads, out GradientSquares squares)
    {
        var chunks = ColumnChunks.CountFor(next.Length);
        var partial = ArrayPool<GradientSquares>.Shared.Rent(chunks);
        fixed (float* h = mean, g = gradient, y = next)
        {
            // With N = 1 the formula is g, with g for h.
            ColumnChunks.ForEach(next.Length, threads, new RunningMeanPass(count == 1 ? g : h, g, y, next.Length, count, width, partial));
        }

        var (norm, distance) = (0.0, 0.0);
        foreach (var part in partial.AsSpan(0, chunks)) (norm, distance) = (norm + part.Norm, distance + part.Distance);
        ArrayPool<GradientSquares>.Shared.Return(partial);
        squares = new GradientSquares(norm, distance);
        return double.IsFinite(norm);
    }

    public void Run(int chunk, int start, int columns)
    {
        // So few that 12 squares are summed in float, and that what waits aside stays in the nearest cache with what it is made of.
        var length = 2 * 12 * ((int)width / 32);
        // What is written over the gradient waits here until the gradient has been looked at for the last time.
        var aside = stackalloc float[overGradient ? length : 0];
        var (norm, distance) = (0.0, 0.0);
        for (var block = start; block < start + columns && double.IsFinite(norm); block += length)
        {
            var size = Math.Min(length, start + columns - block);
            var h = new ReadOnlySpan<float>(mean + block, size);
            var g = new ReadOnlySpan<float>(gradient + block, size);
            var y = overGradient ? aside : next + block;
            var sums = width switch
            {
                SimdWidth.Bits512 => Step<Lanes512<float>, Vector512<float>>(block, size, y),
                SimdWidth.Bits256 => Step<Lanes256<float>, Vector256<float>>(block, size, y),
                _ => Step<Lanes128<float>, Vector128<float>>(block, size, y),
            };
            norm += CheckedSquares.Norm(sums.Norm, g);
            distance += CheckedSquares.Distance(sums.Distance, h, g);

            // A difference may have overflowed.
            if (!double.IsFinite(sums.Distance)) StepNumberByNumber(block, size, y);
            if (overGradient) new ReadOnlySpan<float>(aside, size).CopyTo(new Span<float>(next + block, size));
        }

        partial[chunk] = new GradientSquares(norm, distance);
    }

    private GradientSquares Step<TLanes, TVector>(int start, int size, float* y)
        where TLanes : ILanes<TVector, float>
        where TVector : unmanaged
    {
        // The compiler would read fields again after every store.
        float* h = mean + start, g = gradient + start;
        var isPastCaches = pastCaches;
        var n = TLanes.Broadcast(count);
        TVector norm0 = default, norm1 = default, distance0 = default, distance1 = default;
        var c = 0;
        for (; c <= size - (2 * TLanes.Count); c += 2 * TLanes.Count)
        {
            var (h0, h1) = (TLanes.Load(h + c), TLanes.Load(h + c + TLanes.Count));
            var (g0, g1) = (TLanes.Load(g + c), TLanes.Load(g + c + TLanes.Count));
            var (difference0, difference1) = (TLanes.Subtract(g0, h0), TLanes.Subtract(g1, h1));
            var y0 = TLanes.Add(h0, TLanes.Divide(difference0, n));
            var y1 = TLanes.Add(h1, TLanes.Divide(difference1, n));
            if (isPastCaches)
            {
                TLanes.StoreNonTemporal(y0, y + c);
                TLanes.StoreNonTemporal(y1, y + c + TLanes.Count);
            }
            else
            {
                TLanes.Store(y0, y + c);
                TLanes.Store(y1, y + c + TLanes.Count);
            }

            norm0 = TLanes.MultiplyAdd(g0, g0, norm0);
            norm1 = TLanes.MultiplyAdd(g1, g1, norm1);
            distance0 = TLanes.MultiplyAdd(difference0, difference0, distance0);
            distance1 = TLanes.MultiplyAdd(difference1, difference1, distance1);
        }

        var norm = TLanes.Sum(norm0) + TLanes.Sum(norm1);
        var distance = TLanes.Sum(distance0) + TLanes.Sum(distance1);
        for (; c < size; c++)
        {
            y[c] = RunningMean.Next(h[c], g[c], count);
            norm += (double)g[c] * g[c];
            distance += ((double)g[c] - h[c]) * ((double)g[c] - h[c]);
        }

        return new GradientSquares(norm, distance);
    }

    private void StepNumberByNumber(int start, int size, float* y)
    {
        for (var c = 0; c < size; c++) y[c] = RunningMean.Next(mean[start + c], gradient[start + c], count);
    }
}
