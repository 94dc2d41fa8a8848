namespace Basgd.Benchmarks;

/// <summary>What a benchmark reports of its rounds.</summary>
internal static class Medians
{
    /// <summary>The value in the middle; of two there the larger.</summary>
    /// <exception cref="IndexOutOfRangeException">There is none.</exception>
    public static T Median<T>(this IEnumerable<T> values)
    {
        var sorted = values.Order().ToArray();
        return sorted[sorted.Length / 2];
    }
}
