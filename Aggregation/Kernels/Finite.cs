using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Basgd.Aggregation.Kernels;

/// <summary>Whether all values are finite. 0·x is 0 for finite x and NaN for the others, and sums keep a NaN: one operation a value.</summary>
public static class Finite
{
    /// <summary>True when no value is NaN or infinite; true for an empty span.</summary>
    public static bool All(ReadOnlySpan<float> values) => AllOf(values);

    /// <inheritdoc cref="All(ReadOnlySpan{float})"/>
    public static bool All(ReadOnlySpan<double> values) => AllOf(values);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool All<T>(Vector<T> values)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Vector.EqualsAll(values * Vector<T>.Zero, Vector<T>.Zero);

    internal static bool AllOf<T>(ReadOnlySpan<T> values)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var whole = values.Length / Vector<T>.Count * Vector<T>.Count;
        var finite = AllInVectors(values[..whole]);
        foreach (var value in values[whole..]) finite &= T.IsFinite(value);
        return finite;
    }

    /// <summary>For a span that is a whole number of vectors long.</summary>
    private static bool AllInVectors<T>(ReadOnlySpan<T> values)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var vectors = MemoryMarshal.Cast<T, Vector<T>>(values);
        var even = Vector<T>.Zero;
        var odd = Vector<T>.Zero;
        var c = 0;
        for (; c + 1 < vectors.Length; c += 2)
        {
            even += vectors[c] * Vector<T>.Zero;
            odd += vectors[c + 1] * Vector<T>.Zero;
        }

        if (c < vectors.Length) even += vectors[c] * Vector<T>.Zero;
        return Vector.EqualsAll(even + odd, Vector<T>.Zero);
    }
}
