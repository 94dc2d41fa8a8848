using System.Runtime.CompilerServices;

namespace Basgd.Aggregation.Kernels;

/// <summary>The sum of weighted rows for eight registers of columns at a time, which stay registers from the first row to the last: for rows in the caches.</summary>
internal static unsafe class SumStrip<TLanes, TVector, T>
    where TLanes : ILanes<TVector, T>
    where TVector : unmanaged
    where T : unmanaged
{
    /// <summary>sums ← Σ wᵢ xᵢ.</summary>
    /// <param name="rows">Addresses of the n rows.</param>
    /// <param name="column">The first column, counted from the addresses.</param>
    /// <param name="columns">How many; whole registers.</param>
    /// <returns>Zeros where all sums are finite.</returns>
    public static TVector Into(T* sums, nint* rows, T* weights, int n, int column, int columns)
    {
        // 0·x is 0 for finite x and NaN for the others, and sums keep a NaN.
        TVector check = default;
        var c = 0;
        for (; c <= columns - (8 * TLanes.Count); c += 8 * TLanes.Count)
        {
            TVector s0 = default, s1 = default, s2 = default, s3 = default, s4 = default, s5 = default, s6 = default, s7 = default;
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

            var y = sums + c;
            check = Put(s0, y, check);
            check = Put(s1, y + TLanes.Count, check);
            check = Put(s2, y + (2 * TLanes.Count), check);
            check = Put(s3, y + (3 * TLanes.Count), check);
            check = Put(s4, y + (4 * TLanes.Count), check);
            check = Put(s5, y + (5 * TLanes.Count), check);
            check = Put(s6, y + (6 * TLanes.Count), check);
            check = Put(s7, y + (7 * TLanes.Count), check);
        }

        for (; c < columns; c += TLanes.Count)
        {
            TVector sum = default;
            for (var i = 0; i < n; i++) sum = TLanes.MultiplyAdd(TLanes.Load((T*)rows[i] + column + c), TLanes.Broadcast(weights[i]), sum);
            check = Put(sum, sums + c, check);
        }

        return check;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Put(TVector sum, T* target, TVector check)
    {
        TLanes.Store(sum, target);
        return TLanes.MultiplyAdd(sum, default, check);
    }
}
