using Basgd.Aggregation.Kernels;
using System.Buffers;
using System.Numerics;

namespace Basgd.Aggregation;

/// <summary>Runs a <see cref="CoordinateRule"/> over tiles of columns small enough to stay in the first-level cache.</summary>
internal sealed class CoordinateAggregator<T>(IReadOnlyList<PreAggregation> stages, CoordinateRule rule) : IRule<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public void Aggregate(ReadOnlySpan<ReadOnlyMemory<T>> rows, Span<T> result)
    {
        RowChecks.Shape(rows, result.Length);
        var mixing = Mixing.Of(stages, rows);
        var n = mixing?.Length ?? rows.Length;
        rule.Demand(n);
        var width = Tile<T>.WidthFor(n);
        var scratch = ArrayPool<T>.Shared.Rent(n * width);
        try
        {
            for (var column = 0; column < result.Length; column += width)
            {
                var count = Math.Min(width, result.Length - column);
                var tile = new Tile<T>(scratch, n, count);
                var finite = mixing is null ? tile.Load(rows, column, count) : tile.Load(rows, mixing, column, count);
                if (!finite) throw RowChecks.NotFinite(rows);
                rule.Reduce(tile)[..count].CopyTo(result.Slice(column, count));
            }
        }
        finally
        {
            ArrayPool<T>.Shared.Return(scratch);
        }
    }
}
