using Basgd.Aggregation.Kernels;
using System.Numerics;

namespace Basgd.Aggregation;

/// <summary>Runs a <see cref="WeightRule"/>: distances where the rule asks for them, then the weighted sum.</summary>
/// <param name="threads">How many may work at once, ≥ 1; the result is the same for any number.</param>
internal sealed class WeightAggregator<T>(IReadOnlyList<PreAggregation> stages, WeightRule rule, int threads, SimdWidth width) : IRule<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public void Aggregate(ReadOnlySpan<ReadOnlyMemory<T>> rows, Span<T> result, long round)
    {
        RowChecks.Shape(rows, result.Length);
        var (geometry, mixing) = Mixing.Of(stages, new RowGeometry<T>(rows, width, threads), round);
        rule.Demand(geometry.Count);
        var weights = new double[geometry.Count];
        rule.Weigh(geometry, weights);
        if (mixing is not null) weights = Mixing.Fold(weights, mixing);
        if (!WeightedSum.Into(rows, weights, result, width, threads)) throw RowChecks.NotFinite(rows);
    }
}
