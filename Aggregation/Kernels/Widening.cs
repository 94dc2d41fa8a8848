using System.Numerics;
using System.Runtime.InteropServices;

namespace Basgd.Aggregation.Kernels;

/// <summary>Between a row's type and double, for what needs its range or its digits.</summary>
internal static class Widening
{
    /// <summary>Numbers widened at a time where they are not kept.</summary>
    private const int Width = 512;

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

    /// <summary>sums ← sums + w x.</summary>
    public static void MultiplyAdd<T>(ReadOnlySpan<T> x, double weight, Span<double> sums)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var w = new Vector<double>(weight);
        var vectors = MemoryMarshal.Cast<T, Vector<T>>(x);
        var totals = MemoryMarshal.Cast<double, Vector<double>>(sums);
        if (typeof(T) == typeof(double))
        {
            for (var c = 0; c < vectors.Length; c++) totals[c] = Vector.FusedMultiplyAdd(vectors[c].As<T, double>(), w, totals[c]);
        }
        else
        {
            for (var c = 0; c < vectors.Length; c++)
            {
                var narrow = vectors[c].As<T, float>();
                totals[2 * c] = Vector.FusedMultiplyAdd(Vector.WidenLower(narrow), w, totals[2 * c]);
                totals[(2 * c) + 1] = Vector.FusedMultiplyAdd(Vector.WidenUpper(narrow), w, totals[(2 * c) + 1]);
            }
        }

        for (var k = vectors.Length * Vector<T>.Count; k < x.Length; k++) sums[k] = double.FusedMultiplyAdd(double.CreateChecked(x[k]), weight, sums[k]);
    }

    /// <summary>‖x − y‖².</summary>
    public static double SquaredDistance<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Span<double> a = stackalloc double[Width];
        Span<double> b = stackalloc double[Width];
        var sum = 0.0;
        for (var c = 0; c < x.Length; c += Width)
        {
            var count = Math.Min(Width, x.Length - c);
            Copy(x.Slice(c, count), a);
            Copy(y.Slice(c, count), b);
            sum += Squares(a[..count], b[..count]);
        }

        return sum;
    }

    /// <summary>‖x‖².</summary>
    public static double SquaredNorm<T>(ReadOnlySpan<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Span<double> a = stackalloc double[Width];
        Span<double> zeros = stackalloc double[Width];
        zeros.Clear();
        var sum = 0.0;
        for (var c = 0; c < x.Length; c += Width)
        {
            var count = Math.Min(Width, x.Length - c);
            Copy(x.Slice(c, count), a);
            sum += Squares(a[..count], zeros[..count]);
        }

        return sum;
    }

    private static double Squares(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        var a = MemoryMarshal.Cast<double, Vector<double>>(x);
        var b = MemoryMarshal.Cast<double, Vector<double>>(y)[..a.Length];
        var sums = Vector<double>.Zero;
        for (var c = 0; c < a.Length; c++)
        {
            var difference = a[c] - b[c];
            sums = Vector.FusedMultiplyAdd(difference, difference, sums);
        }

        var sum = Vector.Sum(sums);
        for (var k = a.Length * Vector<double>.Count; k < x.Length; k++) sum += (x[k] - y[k]) * (x[k] - y[k]);
        return sum;
    }
}
