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
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        if (mean.Length != gradient.Length) throw new ArgumentException($"gradient has length {gradient.Length}: must be {mean.Length}, the length of the mean.", nameof(gradient));
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
            h[c] += Finite.All(difference) ? difference / n : (g[c] / n) - (h[c] / n);
        }

        for (var k = h.Length * Vector<float>.Count; k < mean.Length; k++)
        {
            var difference = gradient[k] - mean[k];
            mean[k] += float.IsFinite(difference) ? difference / count : (gradient[k] / count) - (mean[k] / count);
        }
    }
}
