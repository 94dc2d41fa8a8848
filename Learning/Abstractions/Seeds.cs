namespace Basgd.Learning;

/// <summary>Derives independent seeds from one, so that what is random depends on names and numbers and never on order.</summary>
public static class Seeds
{
    /// <summary>A seed for <see cref="Random(int)"/> from a job's seed and the indices of what is drawn (SplitMix64 finaliser over each).</summary>
    public static int Derive(ulong seed, params ReadOnlySpan<long> indices)
    {
        var state = Mix(seed);
        foreach (var index in indices) state = Mix(state ^ (ulong)index);
        return (int)(state >> 32);
    }

    private static ulong Mix(ulong z)
    {
        z += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
