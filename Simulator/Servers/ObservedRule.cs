using Basgd.Aggregation;
using Basgd.Contracts;

namespace Basgd.Simulator;

/// <summary>A rule that, when asked to, measures how far its rows are from what it makes of them: one pass more over the rows.</summary>
internal sealed class ObservedRule(IRule<float> rule) : IRule<float>
{
    private (double Norm, double Distance)[] measured = [];

    public bool IsOn { get; set; }

    public void Aggregate(ReadOnlySpan<ReadOnlyMemory<float>> rows, Span<float> result, long round = 0)
    {
        rule.Aggregate(rows, result, round);
        if (!IsOn) return;
        measured = new (double, double)[rows.Length];
        for (var k = 0; k < rows.Length; k++) measured[k] = Measure(rows[k].Span, result);
    }

    /// <summary>What was measured last.</summary>
    public IReadOnlyList<RowObservation> Observe(IReadOnlyList<SealedRound> rows) =>
        IsOn ? [.. rows.Zip(measured, static (row, found) => new RowObservation(row.Contributions, found.Norm, found.Distance))] : [];

    private static (double Norm, double Distance) Measure(ReadOnlySpan<float> row, ReadOnlySpan<float> aggregate)
    {
        var (norm, distance) = (0.0, 0.0);
        for (var i = 0; i < row.Length; i++)
        {
            var difference = (double)row[i] - aggregate[i];
            norm += (double)row[i] * row[i];
            distance += difference * difference;
        }

        return (Math.Sqrt(norm), Math.Sqrt(distance));
    }
}
