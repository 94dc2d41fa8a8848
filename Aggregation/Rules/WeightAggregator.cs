using Basgd.Aggregation.Kernels;
using System.Numerics;

namespace Basgd.Aggregation;

/// <summary>Runs a <see cref="WeightRule"/>: distances where the rule asks for them, then the weighted sum.</summary>
internal sealed class WeightAggregator<T>(WeightRule rule) : IRule<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public void Aggregate(ReadOnlySpan<ReadOnlyMemory<T>> rows, Span<T> result)
    {
        RowChecks.Shape(rows, result.Length);
        rule.Demand(rows.Length);
        Span<double> weights = new double[rows.Length];
        rule.Weigh(new RowGeometry<T>(rows), weights);
        if (!WeightedSum.Into(rows, weights, result)) throw RowChecks.NotFinite(rows);
    }
}
