using System.Runtime.CompilerServices;

namespace Basgd.Aggregation.Kernels;

/// <summary>
/// Five weighted sums of the same rows, four registers of columns at a time: a row is loaded once for all five, and the twenty sums
/// stay registers from the first row to the last. For rows in the caches and for processors with 32 registers.
/// </summary>
internal static unsafe class SumBlock<TLanes, TVector, T>
    where TLanes : ILanes<TVector, T>
    where TVector : unmanaged
    where T : unmanaged
{
    /// <summary>Number of sums.</summary>
    public const int Sums = 5;

    private const int Registers = 4;

    /// <summary>Columns of a step.</summary>
    public static int Columns => Registers * TLanes.Count;

    /// <summary>sumsₛ ← Σᵢ wᵢₛ xᵢ.</summary>
    /// <param name="stride">From one sum's first column to the next's.</param>
    /// <param name="rows">Addresses of the n rows.</param>
    /// <param name="weights">For each row, its five.</param>
    /// <param name="column">The first column, counted from the addresses.</param>
    /// <param name="columns">How many; whole steps.</param>
    /// <returns>False where a sum is not finite. It may be false elsewhere too, where sums are very large: then they have to be looked at again.</returns>
    public static bool Into(T* sums, int stride, nint* rows, T* weights, int n, int column, int columns)
    {
        // 0·x is 0 for finite x and NaN for the others, and sums keep a NaN.
        TVector check = default;
        for (var c = 0; c < columns; c += Columns)
        {
            TVector a0 = default, a1 = default, a2 = default, a3 = default;
            TVector b0 = default, b1 = default, b2 = default, b3 = default;
            TVector c0 = default, c1 = default, c2 = default, c3 = default;
            TVector d0 = default, d1 = default, d2 = default, d3 = default;
            TVector e0 = default, e1 = default, e2 = default, e3 = default;
            for (var i = 0; i < n; i++)
            {
                var x = (T*)rows[i] + column + c;
                var x0 = TLanes.Load(x);
                var x1 = TLanes.Load(x + TLanes.Count);
                var x2 = TLanes.Load(x + (2 * TLanes.Count));
                var x3 = TLanes.Load(x + (3 * TLanes.Count));

                var w = TLanes.Broadcast(weights[Sums * i]);
                a0 = TLanes.MultiplyAdd(x0, w, a0);
                a1 = TLanes.MultiplyAdd(x1, w, a1);
                a2 = TLanes.MultiplyAdd(x2, w, a2);
                a3 = TLanes.MultiplyAdd(x3, w, a3);

                w = TLanes.Broadcast(weights[(Sums * i) + 1]);
                b0 = TLanes.MultiplyAdd(x0, w, b0);
                b1 = TLanes.MultiplyAdd(x1, w, b1);
                b2 = TLanes.MultiplyAdd(x2, w, b2);
                b3 = TLanes.MultiplyAdd(x3, w, b3);

                w = TLanes.Broadcast(weights[(Sums * i) + 2]);
                c0 = TLanes.MultiplyAdd(x0, w, c0);
                c1 = TLanes.MultiplyAdd(x1, w, c1);
                c2 = TLanes.MultiplyAdd(x2, w, c2);
                c3 = TLanes.MultiplyAdd(x3, w, c3);

                w = TLanes.Broadcast(weights[(Sums * i) + 3]);
                d0 = TLanes.MultiplyAdd(x0, w, d0);
                d1 = TLanes.MultiplyAdd(x1, w, d1);
                d2 = TLanes.MultiplyAdd(x2, w, d2);
                d3 = TLanes.MultiplyAdd(x3, w, d3);

                w = TLanes.Broadcast(weights[(Sums * i) + 4]);
                e0 = TLanes.MultiplyAdd(x0, w, e0);
                e1 = TLanes.MultiplyAdd(x1, w, e1);
                e2 = TLanes.MultiplyAdd(x2, w, e2);
                e3 = TLanes.MultiplyAdd(x3, w, e3);
            }

            var y = sums + c;
            check = Put(a0, a1, a2, a3, y, check);
            check = Put(b0, b1, b2, b3, y + stride, check);
            check = Put(c0, c1, c2, c3, y + (2 * stride), check);
            check = Put(d0, d1, d2, d3, y + (3 * stride), check);
            check = Put(e0, e1, e2, e3, y + (4 * stride), check);
        }

        return TLanes.EqualsAll(check, default);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Put(TVector s0, TVector s1, TVector s2, TVector s3, T* target, TVector check)
    {
        TLanes.Store(s0, target);
        TLanes.Store(s1, target + TLanes.Count);
        TLanes.Store(s2, target + (2 * TLanes.Count));
        TLanes.Store(s3, target + (3 * TLanes.Count));
        return TLanes.MultiplyAdd(TLanes.Add(TLanes.Add(s0, s1), TLanes.Add(s2, s3)), default, check);
    }
}
