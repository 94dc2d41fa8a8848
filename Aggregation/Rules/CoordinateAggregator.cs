using Basgd.Aggregation.Kernels;
using System.Collections.Concurrent;
using System.Numerics;

namespace Basgd.Aggregation;

/// <summary>Runs a <see cref="CoordinateRule"/>: one pass over the rows.</summary>
/// <param name="threads">How many may work at once, ≥ 1; the result is the same for any number.</param>
internal sealed class CoordinateAggregator<T>(IReadOnlyList<PreAggregation> stages, CoordinateRule rule, int threads, SimdWidth width) : IRule<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>By number of rows. A job has one.</summary>
    private readonly ConcurrentDictionary<int, ColumnKernel<T>> kernels = new();

    public void Aggregate(ReadOnlySpan<ReadOnlyMemory<T>> rows, Span<T> result, long round)
    {
        RowChecks.Shape(rows, result.Length);
        var mixing = stages.Count == 0 ? null : Mixing.Of(stages, new RowGeometry<T>(rows, width, threads), round).Mixing;
        var n = mixing?.Length ?? rows.Length;
        rule.Demand(n);
        var kernel = kernels.GetOrAdd(n, static (n, self) => ColumnKernel<T>.For(self.rule.Formula(n), self.width), (rule, width));
        if (!ColumnPass<T>.Run(rows, mixing, kernel, result, width, threads)) throw RowChecks.NotFinite(rows);
    }
}
