using Basgd.Aggregation;
using Basgd.Aggregation.Memory;

namespace Basgd.Benchmarks.Aggregation;

/// <summary>Rows of normally distributed floats, made once for each size: 30 rows of 25 million take longer to draw than to aggregate.</summary>
internal static class SharedRows
{
    private const int Most = 30;

    private static readonly Dictionary<int, ParameterVector[]> Drawn = [];

    /// <returns>The first <paramref name="rows"/> of 30 rows.</returns>
    public static ReadOnlyMemory<float>[] Of(int rows, int dimension)
    {
        if (!Drawn.TryGetValue(dimension, out var vectors)) Drawn[dimension] = vectors = Draw(dimension);
        return [.. vectors.Take(rows).Select(vector => (ReadOnlyMemory<float>)vector.Memory)];
    }

    private static ParameterVector[] Draw(int dimension)
    {
        var random = new Random(1);

        // A row is a window of one pool of draws: as good as independent draws for timing, and quick.
        var pool = new float[65_537];
        StandardNormal.Fill(pool, random);
        var drawn = new ParameterVector[Most];
        for (var i = 0; i < Most; i++)
        {
            drawn[i] = ParameterVector.Rent(dimension);
            var span = drawn[i].Span;
            for (int k = 0, from = random.Next(pool.Length); k < span.Length; k++, from = from + 1 == pool.Length ? 0 : from + 1) span[k] = pool[from];
        }

        return drawn;
    }
}
