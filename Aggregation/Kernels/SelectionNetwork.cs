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

    /// <summary>The one with the fewest operations among those that are known.</summary>
    /// <param name="needs">By rank, smallest value first.</param>
    public static SelectionNetwork Smallest(ReadOnlySpan<Need> needs)
    {
        SelectionNetwork? smallest = null;
        foreach (var sorting in SortingNetworks.Of(needs.Length))
        {
            var network = new SelectionNetwork(sorting, needs);
            if (smallest is null || network.Operations < smallest.Operations) smallest = network;
        }

        return smallest!;
    }

    /// <param name="KeepLow">Whether the smaller value is needed later; one of the two may not be.</param>
    public readonly record struct Comparator(int Low, int High, bool KeepLow, bool KeepHigh);
}
