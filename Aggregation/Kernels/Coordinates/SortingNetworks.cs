namespace Basgd.Aggregation.Kernels;

/// <summary>Networks that sort n values, the smallest to wire 0. Which is the best to select from depends on what is selected.</summary>
internal static class SortingNetworks
{
    public static IEnumerable<IEnumerable<(int Low, int High)>> Of(int n)
    {
        yield return OddEvenMergeSort(n);
    }

    /// <summary>Batcher's (Knuth, The Art of Computer Programming 3, algorithm 5.2.2M, which is right for any n).</summary>
    private static IEnumerable<(int Low, int High)> OddEvenMergeSort(int n)
    {
        for (var p = 1; p < n; p *= 2)
        {
            for (var k = p; k >= 1; k /= 2)
            {
                for (var j = k % p; j + k < n; j += 2 * k)
                {
                    for (var i = j; i < Math.Min(j + k, n - k); i++)
                    {
                        if (i / (2 * p) == (i + k) / (2 * p)) yield return (i, i + k);
                    }
                }
            }
        }
    }
}
