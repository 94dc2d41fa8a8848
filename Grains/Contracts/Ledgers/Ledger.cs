using Orleans.Concurrency;

namespace Basgd.Contracts;

/// <summary>What one step was made of.</summary>
/// <param name="Version">The model that it made.</param>
/// <param name="MappingEpoch">The mapping of workers to buffers at the time.</param>
/// <param name="Buffers">By buffer, its contributions in the order in which they went into the mean.</param>
[GenerateSerializer, Immutable, Alias("basgd.ledger-entry")]
public sealed record LedgerEntry(
    [property: Id(0)] ModelVersion Version,
    [property: Id(1)] int MappingEpoch,
    [property: Id(2)] IReadOnlyList<IReadOnlyList<Contribution>> Buffers);

/// <summary>The end of the ledger, which travels inside the model's own state: an entry is durable exactly where its step is.</summary>
/// <param name="First">Step after which it begins, a multiple of <see cref="LedgerSegment.Steps"/>; what is before lies in segments.</param>
[GenerateSerializer, Immutable, Alias("basgd.ledger-tail")]
public sealed record LedgerTail([property: Id(0)] long First, [property: Id(1)] IReadOnlyList<LedgerEntry> Entries);

/// <summary>The ledger as of the newest durable model, but for what lies in segments.</summary>
/// <param name="GradientsApplied">Contributions that went into its steps since the job began.</param>
[GenerateSerializer, Immutable, Alias("basgd.durable-ledger")]
public sealed record DurableLedger(
    [property: Id(0)] ModelVersion Version,
    [property: Id(1)] long GradientsApplied,
    [property: Id(2)] LedgerTail Tail);

/// <summary>A full piece of the ledger, stored apart once the model's state that holds it is durable.</summary>
/// <param name="Entries"><see cref="Steps"/> of them: segment k begins after step k · <see cref="Steps"/>.</param>
[GenerateSerializer, Immutable, Alias("basgd.ledger-segment")]
public sealed record LedgerSegment([property: Id(0)] IReadOnlyList<LedgerEntry> Entries)
{
    /// <summary>Steps in a segment.</summary>
    public const int Steps = 128;
}

/// <summary>Consecutive entries of the ledger.</summary>
/// <param name="Version">The newest durable model.</param>
/// <param name="GradientsApplied">Contributions that went into its steps.</param>
/// <param name="Entries">Empty only where there is nothing after the step asked for.</param>
[GenerateSerializer, Immutable, Alias("basgd.ledger-chunk")]
public sealed record LedgerChunk(
    [property: Id(0)] ModelVersion Version,
    [property: Id(1)] long GradientsApplied,
    [property: Id(2)] IReadOnlyList<LedgerEntry> Entries);

/// <summary>What a buffer knows of the workers that are mapped to it.</summary>
/// <param name="Generation">Of the model it follows.</param>
/// <param name="LastSequence">Newest sequence number seen from each.</param>
/// <param name="Contributions">What it holds and no step has taken yet.</param>
/// <param name="Skipped">Contributions refused since activation whose numbers do not come again.</param>
[GenerateSerializer, Immutable, Alias("basgd.buffer-holdings")]
public sealed record BufferHoldings(
    [property: Id(0)] int Generation,
    [property: Id(1)] int MappingEpoch,
    [property: Id(2)] IReadOnlyDictionary<int, long> LastSequence,
    [property: Id(3)] IReadOnlyList<Contribution> Contributions,
    [property: Id(4)] long Skipped);

/// <summary>What came of making every step again.</summary>
/// <param name="Version">The model compared with.</param>
/// <param name="Gradients">Gradients computed again.</param>
/// <param name="Difference">Where the two differ first and how; null where they are the same, bit for bit, or could not be compared.</param>
/// <param name="Obstacle">Why they could not be compared; null where they could.</param>
[GenerateSerializer, Immutable, Alias("basgd.ledger-replay")]
public sealed record LedgerReplay(
    [property: Id(0)] ModelVersion Version,
    [property: Id(1)] long Gradients,
    [property: Id(2)] string? Difference,
    [property: Id(3)] string? Obstacle);

/// <summary>One segment of a job's ledger. Key: segment number k and job name.</summary>
[Alias("basgd.ILedgerGrain")]
public interface ILedgerGrain : IGrainWithIntegerCompoundKey
{
    /// <summary>Stores the segment, durable when this returns. Safe to repeat; one of an older generation does not replace a newer one.</summary>
    [Alias("Put")]
    Task Put(LedgerSegment segment);

    /// <summary>Null where it was never stored.</summary>
    [Alias("Get"), AlwaysInterleave]
    Task<LedgerSegment?> Get();
}
