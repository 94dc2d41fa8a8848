using System.Diagnostics;

namespace Basgd.Grains.Telemetry;

/// <summary>
/// The traces that lead into a buffer, until their round is applied: in memory, and only those that are sampled, so that nobody
/// pays for the others. A re-activated buffer has forgotten them.
/// </summary>
internal sealed class SampledContributions
{
    private readonly List<(long Round, string Trace)> entries = [];

    /// <summary>Notes the span at hand, where it is sampled.</summary>
    public void Note(long round)
    {
        if (Activity.Current is { Recorded: true, Id: { } trace } && entries.Count < 2 * Spans.MaxLinks) entries.Add((round, trace));
    }

    /// <summary>Those of a round that is sealed; the rounds before it are over.</summary>
    public IReadOnlyList<string>? Of(long round)
    {
        entries.RemoveAll(entry => entry.Round < round);
        return entries.Exists(entry => entry.Round == round) ? [.. entries.Where(entry => entry.Round == round).Select(static entry => entry.Trace)] : null;
    }
}
