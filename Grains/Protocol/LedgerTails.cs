using Basgd.Contracts;

namespace Basgd.Protocol;

/// <summary>
/// How the ledger's tail grows and shrinks: each step appends an entry; full segments leave it once they are durable as part of
/// the model and stored apart. A tail that is taken from an older model is simply shorter, or begins earlier: then its segments
/// are written again.
/// </summary>
public static class LedgerTails
{
    /// <summary>Most steps that the tail may hold: two segments, of which one may still be on its way to its own place.</summary>
    public const int Most = 2 * LedgerSegment.Steps;

    /// <summary>Whether no step may follow before a segment has left.</summary>
    public static bool IsFull(this LedgerTail tail) => tail.Entries.Count >= Most;

    /// <summary>The tail after a step that is made of these seals, by buffer.</summary>
    /// <param name="before">The state that the step changes.</param>
    public static LedgerTail Append(this LedgerTail tail, ModelState before, IReadOnlyList<SealedRound> seals)
    {
        var version = before.Version with { Step = before.Version.Step + 1 };
        return tail with { Entries = [.. tail.Entries, new LedgerEntry(version, before.Routing.MappingEpoch, [.. seals.Select(static seal => seal.Contributions)])] };
    }

    /// <summary>The first full segment and its number; null where there is none yet.</summary>
    public static (long Number, LedgerSegment Segment)? FullSegment(this LedgerTail tail) => tail.Entries.Count < LedgerSegment.Steps
        ? null
        : (tail.First / LedgerSegment.Steps, new LedgerSegment([.. tail.Entries.Take(LedgerSegment.Steps)]));

    /// <summary>The tail without its first segment.</summary>
    public static LedgerTail WithoutSegment(this LedgerTail tail) => new(tail.First + LedgerSegment.Steps, [.. tail.Entries.Skip(LedgerSegment.Steps)]);

    /// <summary>Whether a segment that is stored gives way: where steps were lost, that of the newer generation is the truth.</summary>
    public static bool GivesWayTo(this LedgerSegment stored, LedgerSegment next) => next.Entries[^1].Version >= stored.Entries[^1].Version;
}
