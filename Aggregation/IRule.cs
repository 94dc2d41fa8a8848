using System.Numerics;

namespace Basgd.Aggregation;

/// <summary>An aggregation rule: B vectors of d numbers in, one out. Stateless and thread-safe unless its documentation says otherwise.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public interface IRule<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Aggregates the rows.</summary>
    /// <param name="rows">B rows of d values each, B ≥ 1; not changed.</param>
    /// <param name="result">Filled; length d; must not overlap a row.</param>
    /// <param name="round">Which of a job's aggregations this is, such as the number of the step. Rules that need chance draw it from their seed and this: the same rows in the same round always have the same aggregate.</param>
    /// <exception cref="ArgumentException">Rows of different lengths, or too few for the rule's parameters (nothing was written); or a value that is not finite (the result means nothing).</exception>
    void Aggregate(ReadOnlySpan<ReadOnlyMemory<T>> rows, Span<T> result, long round = 0);
}
