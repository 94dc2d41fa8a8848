namespace Basgd.Aggregation.Kernels;

/// <summary>
/// The sum of up to eight weighted rows, TCount, which is a constant for the compiler. Few rows at a time over many columns: the
/// hardware fetches a few rows ahead where it loses track of many.
/// </summary>
internal static unsafe class SumTile<TLanes, TVector, T, TCount>
    where TLanes : ILanes<TVector, T>
    where TVector : unmanaged
    where T : unmanaged
    where TCount : ISize
{
    /// <summary>sums ← [sums +] Σ wᵢ xᵢ.</summary>
    /// <param name="rows">Addresses of the rows.</param>
    /// <param name="column">The first column, counted from the addresses.</param>
    /// <param name="columns">How many; whole registers.</param>
    /// <param name="isFirst">Whether the sums start at zero.</param>
    /// <returns>Zeros where all sums are finite.</returns>
    public static TVector AddTo(T* sums, nint* rows, T* weights, int column, int columns, bool isFirst)
    {
        var x0 = TCount.Value > 0 ? (T*)rows[0] + column : null;
        var x1 = TCount.Value > 1 ? (T*)rows[1] + column : null;
        var x2 = TCount.Value > 2 ? (T*)rows[2] + column : null;
        var x3 = TCount.Value > 3 ? (T*)rows[3] + column : null;
        var x4 = TCount.Value > 4 ? (T*)rows[4] + column : null;
        var x5 = TCount.Value > 5 ? (T*)rows[5] + column : null;
        var x6 = TCount.Value > 6 ? (T*)rows[6] + column : null;
        var x7 = TCount.Value > 7 ? (T*)rows[7] + column : null;
        var w0 = TCount.Value > 0 ? TLanes.Broadcast(weights[0]) : default;
        var w1 = TCount.Value > 1 ? TLanes.Broadcast(weights[1]) : default;
        var w2 = TCount.Value > 2 ? TLanes.Broadcast(weights[2]) : default;
        var w3 = TCount.Value > 3 ? TLanes.Broadcast(weights[3]) : default;
        var w4 = TCount.Value > 4 ? TLanes.Broadcast(weights[4]) : default;
        var w5 = TCount.Value > 5 ? TLanes.Broadcast(weights[5]) : default;
        var w6 = TCount.Value > 6 ? TLanes.Broadcast(weights[6]) : default;
        var w7 = TCount.Value > 7 ? TLanes.Broadcast(weights[7]) : default;

        // 0·x is 0 for finite x and NaN for the others, and sums keep a NaN.
        TVector check = default;
        for (var c = 0; c < columns; c += TLanes.Count)
        {
            var sum = isFirst ? default : TLanes.Load(sums + c);
            if (TCount.Value > 0) sum = TLanes.MultiplyAdd(TLanes.Load(x0 + c), w0, sum);
            if (TCount.Value > 1) sum = TLanes.MultiplyAdd(TLanes.Load(x1 + c), w1, sum);
            if (TCount.Value > 2) sum = TLanes.MultiplyAdd(TLanes.Load(x2 + c), w2, sum);
            if (TCount.Value > 3) sum = TLanes.MultiplyAdd(TLanes.Load(x3 + c), w3, sum);
            if (TCount.Value > 4) sum = TLanes.MultiplyAdd(TLanes.Load(x4 + c), w4, sum);
            if (TCount.Value > 5) sum = TLanes.MultiplyAdd(TLanes.Load(x5 + c), w5, sum);
            if (TCount.Value > 6) sum = TLanes.MultiplyAdd(TLanes.Load(x6 + c), w6, sum);
            if (TCount.Value > 7) sum = TLanes.MultiplyAdd(TLanes.Load(x7 + c), w7, sum);
            TLanes.Store(sum, sums + c);
            check = TLanes.MultiplyAdd(sum, default, check);
        }

        return check;
    }
}
