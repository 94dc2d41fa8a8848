using System.Runtime.CompilerServices;

namespace Basgd.Aggregation.Kernels;

/// <summary>
/// Squared distances between up to five rows and up to five others, each pair's sum in a register of its own: a row is loaded once
/// for five pairs. Which pairs there are, TShape, is a constant for the compiler, which drops the registers of the others.
/// </summary>
internal static unsafe class DistanceTile<TLanes, TVector, T, TShape>
    where TLanes : ILanes<TVector, T>
    where TVector : unmanaged
    where T : unmanaged
    where TShape : ITileShape
{
    /// <summary>Adds to the sums what some columns contribute.</summary>
    /// <param name="a">Addresses of the rows at the first column.</param>
    /// <param name="b">Addresses of the others.</param>
    /// <param name="columns">How many; whole registers.</param>
    /// <param name="sums">A register of partial sums for each pair.</param>
    /// <param name="stride">Registers from one row's sums to the next's.</param>
    public static void AddTo(T* sums, int stride, nint* a, nint* b, int columns)
    {
        TVector s00 = default, s01 = default, s02 = default, s03 = default, s04 = default;
        TVector s10 = default, s11 = default, s12 = default, s13 = default, s14 = default;
        TVector s20 = default, s21 = default, s22 = default, s23 = default, s24 = default;
        TVector s30 = default, s31 = default, s32 = default, s33 = default, s34 = default;
        TVector s40 = default, s41 = default, s42 = default, s43 = default, s44 = default;
        for (var c = 0; c < columns; c += TLanes.Count)
        {
            var a0 = TShape.Rows > 0 ? TLanes.Load((T*)a[0] + c) : default;
            var a1 = TShape.Rows > 1 ? TLanes.Load((T*)a[1] + c) : default;
            var a2 = TShape.Rows > 2 ? TLanes.Load((T*)a[2] + c) : default;
            var a3 = TShape.Rows > 3 ? TLanes.Load((T*)a[3] + c) : default;
            var a4 = TShape.Rows > 4 ? TLanes.Load((T*)a[4] + c) : default;

            if (TShape.Columns > 0)
            {
                var b0 = TLanes.Load((T*)b[0] + c);
                if (TShape.Has(0, 0)) s00 = Accumulate(a0, b0, s00);
                if (TShape.Has(1, 0)) s10 = Accumulate(a1, b0, s10);
                if (TShape.Has(2, 0)) s20 = Accumulate(a2, b0, s20);
                if (TShape.Has(3, 0)) s30 = Accumulate(a3, b0, s30);
                if (TShape.Has(4, 0)) s40 = Accumulate(a4, b0, s40);
            }

            if (TShape.Columns > 1)
            {
                var b1 = TLanes.Load((T*)b[1] + c);
                if (TShape.Has(0, 1)) s01 = Accumulate(a0, b1, s01);
                if (TShape.Has(1, 1)) s11 = Accumulate(a1, b1, s11);
                if (TShape.Has(2, 1)) s21 = Accumulate(a2, b1, s21);
                if (TShape.Has(3, 1)) s31 = Accumulate(a3, b1, s31);
                if (TShape.Has(4, 1)) s41 = Accumulate(a4, b1, s41);
            }

            if (TShape.Columns > 2)
            {
                var b2 = TLanes.Load((T*)b[2] + c);
                if (TShape.Has(0, 2)) s02 = Accumulate(a0, b2, s02);
                if (TShape.Has(1, 2)) s12 = Accumulate(a1, b2, s12);
                if (TShape.Has(2, 2)) s22 = Accumulate(a2, b2, s22);
                if (TShape.Has(3, 2)) s32 = Accumulate(a3, b2, s32);
                if (TShape.Has(4, 2)) s42 = Accumulate(a4, b2, s42);
            }

            if (TShape.Columns > 3)
            {
                var b3 = TLanes.Load((T*)b[3] + c);
                if (TShape.Has(0, 3)) s03 = Accumulate(a0, b3, s03);
                if (TShape.Has(1, 3)) s13 = Accumulate(a1, b3, s13);
                if (TShape.Has(2, 3)) s23 = Accumulate(a2, b3, s23);
                if (TShape.Has(3, 3)) s33 = Accumulate(a3, b3, s33);
                if (TShape.Has(4, 3)) s43 = Accumulate(a4, b3, s43);
            }

            if (TShape.Columns > 4)
            {
                var b4 = TLanes.Load((T*)b[4] + c);
                if (TShape.Has(0, 4)) s04 = Accumulate(a0, b4, s04);
                if (TShape.Has(1, 4)) s14 = Accumulate(a1, b4, s14);
                if (TShape.Has(2, 4)) s24 = Accumulate(a2, b4, s24);
                if (TShape.Has(3, 4)) s34 = Accumulate(a3, b4, s34);
                if (TShape.Has(4, 4)) s44 = Accumulate(a4, b4, s44);
            }
        }

        if (TShape.Has(0, 0)) Add(s00, sums + (((0 * stride) + 0) * TLanes.Count));
        if (TShape.Has(0, 1)) Add(s01, sums + (((0 * stride) + 1) * TLanes.Count));
        if (TShape.Has(0, 2)) Add(s02, sums + (((0 * stride) + 2) * TLanes.Count));
        if (TShape.Has(0, 3)) Add(s03, sums + (((0 * stride) + 3) * TLanes.Count));
        if (TShape.Has(0, 4)) Add(s04, sums + (((0 * stride) + 4) * TLanes.Count));
        if (TShape.Has(1, 0)) Add(s10, sums + (((1 * stride) + 0) * TLanes.Count));
        if (TShape.Has(1, 1)) Add(s11, sums + (((1 * stride) + 1) * TLanes.Count));
        if (TShape.Has(1, 2)) Add(s12, sums + (((1 * stride) + 2) * TLanes.Count));
        if (TShape.Has(1, 3)) Add(s13, sums + (((1 * stride) + 3) * TLanes.Count));
        if (TShape.Has(1, 4)) Add(s14, sums + (((1 * stride) + 4) * TLanes.Count));
        if (TShape.Has(2, 0)) Add(s20, sums + (((2 * stride) + 0) * TLanes.Count));
        if (TShape.Has(2, 1)) Add(s21, sums + (((2 * stride) + 1) * TLanes.Count));
        if (TShape.Has(2, 2)) Add(s22, sums + (((2 * stride) + 2) * TLanes.Count));
        if (TShape.Has(2, 3)) Add(s23, sums + (((2 * stride) + 3) * TLanes.Count));
        if (TShape.Has(2, 4)) Add(s24, sums + (((2 * stride) + 4) * TLanes.Count));
        if (TShape.Has(3, 0)) Add(s30, sums + (((3 * stride) + 0) * TLanes.Count));
        if (TShape.Has(3, 1)) Add(s31, sums + (((3 * stride) + 1) * TLanes.Count));
        if (TShape.Has(3, 2)) Add(s32, sums + (((3 * stride) + 2) * TLanes.Count));
        if (TShape.Has(3, 3)) Add(s33, sums + (((3 * stride) + 3) * TLanes.Count));
        if (TShape.Has(3, 4)) Add(s34, sums + (((3 * stride) + 4) * TLanes.Count));
        if (TShape.Has(4, 0)) Add(s40, sums + (((4 * stride) + 0) * TLanes.Count));
        if (TShape.Has(4, 1)) Add(s41, sums + (((4 * stride) + 1) * TLanes.Count));
        if (TShape.Has(4, 2)) Add(s42, sums + (((4 * stride) + 2) * TLanes.Count));
        if (TShape.Has(4, 3)) Add(s43, sums + (((4 * stride) + 3) * TLanes.Count));
        if (TShape.Has(4, 4)) Add(s44, sums + (((4 * stride) + 4) * TLanes.Count));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Accumulate(TVector x, TVector y, TVector sum)
    {
        var difference = TLanes.Subtract(x, y);
        return TLanes.MultiplyAdd(difference, difference, sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(TVector part, T* sum) => TLanes.Store(TLanes.Add(TLanes.Load(sum), part), sum);
}
