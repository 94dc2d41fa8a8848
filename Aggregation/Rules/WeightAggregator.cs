using Basgd.Aggregation.Kernels;
using System.Numerics;

namespace Basgd.Aggregation;

/// <summary>Runs a <see cref="WeightRule"/>: distances where the rule asks for them, then the weighted sum.</summary>
internal sealed class WeightAggregator<T>(IReadOnlyList<PreAggregation> stages, WeightRule rule) : IRule<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public void Aggregate(ReadOnlySpan<ReadOnlyMemory<T>> rows, Span<T> result)
    {
        RowChecks.Shape(rows, result.Length);
        var mixing = Mixing.Of(stages, rows);
        var geometry = new RowGeometry<T>(rows, mixing);
        rule.Demand(geometry.Count);
        var weights = new double[geometry.Count];
        rule.Weigh(geometry, weights);
        if (mixing is not null) weights = Mixing.Fold(weights, mixing);
        if (!WeightedSum.Into(rows, weights, result)) throw RowChecks.NotFinite(rows);
    }
}
