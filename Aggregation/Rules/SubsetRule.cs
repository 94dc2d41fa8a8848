using Basgd.Aggregation.Kernels;

namespace Basgd.Aggregation;

/// <summary>The mean of the n − f rows that a <see cref="SubsetSearch"/> chooses. Needs n ≥ 2f + 1, and so few subsets that they can be searched.</summary>
internal abstract class SubsetRule(string name, int f, double mostSubsets) : WeightRule
{
    public override void Demand(int n)
    {
        DemandMajority(name, f, n);
        SubsetSearch.Demand(name, f, n, mostSubsets);
    }

    public override void Weigh(Geometry geometry, Span<double> weights)
    {
        var kept = geometry.Count - f;
        foreach (var i in Search(geometry, kept).Run()) weights[i] = 1.0 / kept;
    }

    /// <summary>What looks for the best subset of a size.</summary>
    protected abstract SubsetSearch Search(Geometry geometry, int size);
}
