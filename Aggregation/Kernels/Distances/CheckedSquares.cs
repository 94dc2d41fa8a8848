using System.Numerics;
using System.Runtime.InteropServices;

namespace Basgd.Aggregation.Kernels;

/// <summary>Sums of squares in T, and in double where they may have overflowed or vanished in float.</summary>
internal static class CheckedSquares
{
    /// <summary>2⁻¹²⁶, of a float. A square may lose 2⁻¹⁵⁰ to underflow: at most 2⁻²⁴ of a sum of at least this for each.</summary>
    private const double SmallestNormal = 1.1754943508222875e-38;

    /// <param name="sum">‖x − y‖² as summed in T.</param>
    public static double Distance<T>(double sum, ReadOnlySpan<T> x, ReadOnlySpan<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (IsSafe<T>(sum, x.Length)) return sum;

        // Identical rows are common: columns that no gradient touches, attackers that agree.
        return sum == 0 && MemoryMarshal.AsBytes(x).SequenceEqual(MemoryMarshal.AsBytes(y)) ? 0 : Widening.SquaredDistance(x, y);
    }

    /// <param name="sum">‖x‖² as summed in T.</param>
    public static double Norm<T>(double sum, ReadOnlySpan<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (IsSafe<T>(sum, x.Length)) return sum;
        return sum == 0 && !x.ContainsAnyExcept(T.Zero) ? 0 : Widening.SquaredNorm(x);
    }

    private static bool IsSafe<T>(double sum, int count) =>
        typeof(T) != typeof(float) || (double.IsFinite(sum) && sum >= count * SmallestNormal);
}
