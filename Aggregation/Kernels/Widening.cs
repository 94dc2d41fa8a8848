using System.Numerics;
using System.Runtime.InteropServices;

namespace Basgd.Aggregation.Kernels;

/// <summary>Between a row's type and double, in which sums are kept.</summary>
internal static class Widening
{
    public static void Copy<T>(ReadOnlySpan<T> source, Span<double> target)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (typeof(T) == typeof(double))
        {
            MemoryMarshal.Cast<T, double>(source).CopyTo(target);
            return;
        }

        var x = MemoryMarshal.Cast<T, float>(source);
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(x);
        var wide = MemoryMarshal.Cast<double, Vector<double>>(target);
        for (var c = 0; c < vectors.Length; c++)
        {
            wide[2 * c] = Vector.WidenLower(vectors[c]);
            wide[(2 * c) + 1] = Vector.WidenUpper(vectors[c]);
        }

        for (var k = vectors.Length * Vector<float>.Count; k < x.Length; k++) target[k] = x[k];
    }

    public static void CopyBack<T>(ReadOnlySpan<double> source, Span<T> target)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (typeof(T) == typeof(double))
        {
            source.CopyTo(MemoryMarshal.Cast<T, double>(target));
            return;
        }

        var y = MemoryMarshal.Cast<T, float>(target);
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(y);
        var wide = MemoryMarshal.Cast<double, Vector<double>>(source);
        for (var c = 0; c < vectors.Length; c++) vectors[c] = Vector.Narrow(wide[2 * c], wide[(2 * c) + 1]);
        for (var k = vectors.Length * Vector<float>.Count; k < y.Length; k++) y[k] = (float)source[k];
    }
}
