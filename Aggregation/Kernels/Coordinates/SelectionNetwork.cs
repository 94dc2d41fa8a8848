namespace Basgd.Aggregation.Kernels;

/// <summary>
/// Compare-exchanges that bring the order statistics of n values to the wires of their ranks, as far as they are needed. A sorting
/// network without what is not needed: backwards from its end, a comparator both of whose outputs are summed changes nothing, and one
/// of which a single output is needed is one minimum or maximum instead of two.
/// </summary>
internal sealed class SelectionNetwork
{
    private SelectionNetwork(IEnumerable<(int Low, int High)> sorting, ReadOnlySpan<Need> needs)
    {
        var kept = new List<Comparator>();
        var needed = needs.ToArray();
        foreach (var (low, high) in sorting.Reverse())
        {
            var (a, b) = (needed[low], needed[high]);
            if (a != Need.Itself && a == b) continue;
            kept.Add(new Comparator(low, high, a != Need.Nothing, b != Need.Nothing));
            needed[low] = needed[high] = Need.Itself;
        }

        kept.Reverse();
        Comparators = kept;
        Operations = kept.Sum(static c => (c.KeepLow ? 1 : 0) + (c.KeepHigh ? 1 : 0));
    }

    public IReadOnlyList<Comparator> Comparators { get; }

    /// <summary>How many minima and maxima: what the network costs.</summary>
    public int Operations { get; }

    /// <summary>The smallest that is known.</summary>
    /// <param name="needs">By rank, smallest value first.</param>
    public static SelectionNetwork For(ReadOnlySpan<Need> needs) => new(SelectionNetworks.Find(needs) ?? OddEvenMergeSort(needs.Length), needs);

    /// <summary>Batcher's (Knuth, The Art of Computer Programming 3, algorithm 5.2.2M, which is right for any n).</summary>
    internal static IEnumerable<(int Low, int High)> OddEvenMergeSort(int n)
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

    /// <param name="KeepLow">Whether the smaller value is needed later; one of the two may not be.</param>
    public readonly record struct Comparator(int Low, int High, bool KeepLow, bool KeepHigh);
}
