namespace Basgd.Aggregation;

/// <summary>Standard normal numbers by the polar method (Marsaglia and Bray 1964): no sine, one logarithm for two.</summary>
internal static class StandardNormal
{
    /// <summary>Fills with independent numbers.</summary>
    public static void Fill(Span<float> numbers, Random random)
    {
        ArgumentNullException.ThrowIfNull(random);
        var k = 0;
        for (; k + 1 < numbers.Length; k += 2)
        {
            var (first, second) = Pair(random);
            numbers[k] = (float)first;
            numbers[k + 1] = (float)second;
        }

        if (k < numbers.Length) numbers[k] = (float)Pair(random).First;
    }

    public static (double First, double Second) Pair(Random random)
    {
        while (true)
        {
            var u = (2 * random.NextDouble()) - 1;
            var v = (2 * random.NextDouble()) - 1;
            var s = (u * u) + (v * v);
            if (s is 0 or >= 1) continue;
            var scale = Math.Sqrt(-2 * Math.Log(s) / s);
            return (u * scale, v * scale);
        }
    }
}
