using System.Numerics;
using System.Runtime.InteropServices;

namespace Basgd.Aggregation.Kernels;

/// <summary>The mean of gradients that come one by one.</summary>
public static class RunningMean
{
    /// <summary>
    /// h ← h + (g − h)/N, in one pass; with N = 1 a copy, so h needs no zeroing before. Where g − h overflows (both finite) it is
    /// h + (g/N − h/N), so finite gradients always have a finite mean.
    /// </summary>
    /// <param name="mean">h, the mean of the N − 1 gradients before; length d.</param>
    /// <param name="gradient">g; length d.</param>
    /// <param name="count">N ≥ 1: how many gradients there are with this one.</param>
    public static void Add(Span<float> mean, ReadOnlySpan<float> gradient, int count)
    {
        Check(mean.Length, gradient.Length, count);
        if (count == 1)
        {
            gradient.CopyTo(mean);
            return;
        }

        var h = MemoryMarshal.Cast<float, Vector<float>>(mean);
        var g = MemoryMarshal.Cast<float, Vector<float>>(gradient);
        var n = new Vector<float>(count);
        for (var c = 0; c < h.Length; c++)
        {
            var difference = g[c] - h[c];
            var step = difference / n;
            if (!Finite.All(difference)) step = Vector.ConditionalSelect(Vector.IsFinite(difference), step, (g[c] / n) - (h[c] / n));
            h[c] += step;
        }

        for (var k = h.Length * Vector<float>.Count; k < mean.Length; k++) mean[k] = Next(mean[k], gradient[k], count);
    }

    /// <summary>
    /// The same out of place and with what a server wants to know of a gradient, at the price of the update alone: a gradient that is
    /// refused has not changed the mean, which is where it was.
    /// </summary>
    /// <param name="mean">h; length d, finite; not read where N = 1.</param>
    /// <param name="gradient">g; length d.</param>
    /// <param name="count">N ≥ 1.</param>
    /// <param name="next">Filled with the new mean, the same numbers as of <see cref="Add"/>; length d. Apart from h; apart from g or g itself, which is lost then, also where it is refused.</param>
    /// <param name="threads">How many may work at once, ≥ 1; the results are the same for any number.</param>
    /// <param name="squares">‖g‖² and ‖g − h‖², relative error at most 1e-5, 1e-7 as a rule, whatever the size of g.</param>
    /// <returns>False when a value of g is not finite: then what was filled in means nothing.</returns>
    public static bool TryAdd(ReadOnlySpan<float> mean, ReadOnlySpan<float> gradient, int count, Span<float> next, int threads, out GradientSquares squares) =>
        TryAdd(mean, gradient, count, next, Simd.Width, threads, out squares);

    internal static bool TryAdd(ReadOnlySpan<float> mean, ReadOnlySpan<float> gradient, int count, Span<float> next, SimdWidth width, int threads, out GradientSquares squares)
    {
        Check(mean.Length, gradient.Length, count);
        if (next.Length != mean.Length) throw new ArgumentException($"next has length {next.Length}: must be {mean.Length}, the length of the mean.", nameof(next));
        return RunningMeanPass.Run(mean, gradient, count, next, width, threads, out squares);
    }

    /// <summary>One number of the mean.</summary>
    internal static float Next(float mean, float gradient, int count)
    {
        var difference = gradient - mean;
        return mean + (float.IsFinite(difference) ? difference / count : (gradient / count) - (mean / count));
    }

    private static void Check(int mean, int gradient, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        if (mean != gradient) throw new ArgumentException($"gradient has length {gradient}: must be {mean}, the length of the mean.", nameof(gradient));
    }
}

/// <summary>What a gradient g measures beside the mean h of those before it.</summary>
/// <param name="Norm">‖g‖².</param>
/// <param name="Distance">‖g − h‖²; 0 for a first gradient, which has nothing to be measured against.</param>
public readonly record struct GradientSquares(double Norm, double Distance);
