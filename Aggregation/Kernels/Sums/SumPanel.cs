using System.Numerics;
using System.Runtime.CompilerServices;

namespace Basgd.Aggregation.Kernels;

/// <summary>Σ wᵢ xᵢ over some columns, a fused multiply-add a row, in their order.</summary>
internal static unsafe class SumPanel<TLanes, TVector, T>
    where TLanes : ILanes<TVector, T>
    where TVector : unmanaged
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <param name="rows">Addresses of the n rows.</param>
    /// <param name="weights">n of them.</param>
    /// <param name="column">The first column, counted from the addresses.</param>
    /// <param name="columns">How many.</param>
    /// <param name="result">Filled.</param>
    /// <returns>False when a sum is not finite.</returns>
    public static bool Into(nint* rows, T* weights, int n, int column, int columns, T* result)
    {
        // 0·x is 0 for finite x and NaN for the others, and sums keep a NaN.
        var zero = TLanes.Broadcast(T.Zero);
        var check = zero;
        var c = 0;
        for (; c <= columns - (8 * TLanes.Count); c += 8 * TLanes.Count)
        {
            TVector s0 = zero, s1 = zero, s2 = zero, s3 = zero, s4 = zero, s5 = zero, s6 = zero, s7 = zero;
            for (var i = 0; i < n; i++)
            {
                var x = (T*)rows[i] + column + c;
                var w = TLanes.Broadcast(weights[i]);
                s0 = TLanes.MultiplyAdd(TLanes.Load(x), w, s0);
                s1 = TLanes.MultiplyAdd(TLanes.Load(x + TLanes.Count), w, s1);
                s2 = TLanes.MultiplyAdd(TLanes.Load(x + (2 * TLanes.Count)), w, s2);
                s3 = TLanes.MultiplyAdd(TLanes.Load(x + (3 * TLanes.Count)), w, s3);
                s4 = TLanes.MultiplyAdd(TLanes.Load(x + (4 * TLanes.Count)), w, s4);
                s5 = TLanes.MultiplyAdd(TLanes.Load(x + (5 * TLanes.Count)), w, s5);
                s6 = TLanes.MultiplyAdd(TLanes.Load(x + (6 * TLanes.Count)), w, s6);
                s7 = TLanes.MultiplyAdd(TLanes.Load(x + (7 * TLanes.Count)), w, s7);
            }

            var y = result + c;
            check = Put(s0, y, check);
            check = Put(s1, y + TLanes.Count, check);
            check = Put(s2, y + (2 * TLanes.Count), check);
            check = Put(s3, y + (3 * TLanes.Count), check);
            check = Put(s4, y + (4 * TLanes.Count), check);
            check = Put(s5, y + (5 * TLanes.Count), check);
            check = Put(s6, y + (6 * TLanes.Count), check);
            check = Put(s7, y + (7 * TLanes.Count), check);
        }

        for (; c <= columns - TLanes.Count; c += TLanes.Count)
        {
            var sum = zero;
            for (var i = 0; i < n; i++) sum = TLanes.MultiplyAdd(TLanes.Load((T*)rows[i] + column + c), TLanes.Broadcast(weights[i]), sum);
            check = Put(sum, result + c, check);
        }

        var finite = TLanes.EqualsAll(check, zero);
        for (; c < columns; c++)
        {
            var sum = T.Zero;
            for (var i = 0; i < n; i++) sum = T.FusedMultiplyAdd(((T*)rows[i])[column + c], weights[i], sum);
            result[c] = sum;
            finite &= T.IsFinite(sum);
        }

        return finite;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Put(TVector sum, T* target, TVector check)
    {
        TLanes.Store(sum, target);
        return TLanes.MultiplyAdd(sum, TLanes.Broadcast(T.Zero), check);
    }
}
