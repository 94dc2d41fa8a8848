using System.Numerics;
using System.Runtime.InteropServices;

namespace Basgd.Aggregation.Kernels;

/// <summary>A vector's Euclidean norm, and scaling by it. The norm is summed in double. A vector with a value that is not finite stays one.</summary>
public static class VectorNorm
{
    /// <summary>g ← g · min(1, c/‖g‖).</summary>
    /// <param name="limit">c &gt; 0.</param>
    public static void Clip(Span<float> vector, double limit)
    {
        var norm = Of(vector);
        if (norm > limit) Scale(vector, limit / norm);
    }

    /// <summary>u ← u/‖u‖; 0 stays 0.</summary>
    public static void Normalise(Span<float> vector)
    {
        var norm = Of(vector);
        if (norm > 0) Scale(vector, 1 / norm);
    }

    /// <summary>‖v‖.</summary>
    public static double Of(ReadOnlySpan<float> vector)
    {
        var lanes = MemoryMarshal.Cast<float, Vector<float>>(vector);
        var (low, high) = (Vector<double>.Zero, Vector<double>.Zero);
        foreach (var values in lanes)
        {
            Vector.Widen(values, out var first, out var second);
            low += first * first;
            high += second * second;
        }

        var squared = Vector.Sum(low + high);
        foreach (var value in vector[(lanes.Length * Vector<float>.Count)..]) squared += (double)value * value;
        return Math.Sqrt(squared);
    }

    private static void Scale(Span<float> vector, double factor)
    {
        foreach (ref var value in vector) value = (float)(value * factor);
    }
}
