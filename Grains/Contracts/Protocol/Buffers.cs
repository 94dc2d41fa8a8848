using Basgd.Aggregation.Memory;

namespace Basgd.Contracts;

/// <summary>What a buffer must know before it takes gradients; the model grain alone gives it.</summary>
/// <param name="IsOpen">False closes the buffer and keeps what is in it.</param>
/// <param name="Version">The newest visible model; its step is the round to collect for.</param>
/// <param name="MappingEpoch">Goes up with every reassignment.</param>
/// <param name="Dimension">d.</param>
/// <param name="MaxStaleness">In steps.</param>
/// <param name="LastApplied">The workers mapped here, each with the newest sequence number that went into a step, −1 for none.</param>
/// <param name="PersistBeforeAcknowledging">Durability `acknowledged`.</param>
/// <param name="WeighWorkersEqually">Whether h_b is the mean over workers of each one's mean, not the mean over gradients.</param>
/// <param name="Room">How many vectors of the job's gradients a silo has room for, means among them; 0 where the model's silo is of a version that does not say.</param>
[GenerateSerializer, Immutable, Alias("basgd.buffer-opening")]
public sealed record BufferOpening(
    [property: Id(0)] bool IsOpen,
    [property: Id(1)] ModelVersion Version,
    [property: Id(2)] int MappingEpoch,
    [property: Id(3)] int Dimension,
    [property: Id(4)] long MaxStaleness,
    [property: Id(5)] IReadOnlyDictionary<int, long> LastApplied,
    [property: Id(6)] bool PersistBeforeAcknowledging,
    [property: Id(7)] bool WeighWorkersEqually,
    [property: Id(8)] int Room = 0)
{
    /// <summary>The workers mapped here that are in quarantine; null for none.</summary>
    [Id(9)] public IReadOnlySet<int>? Quarantined { get; init; }

    /// <summary>How many contributions of one worker the buffer takes in a round; null for no bound.</summary>
    [Id(10)] public int? MaxContributions { get; init; }
}

/// <summary>What a buffer holds.</summary>
/// <param name="OpenRound">The round that gradients go to.</param>
/// <param name="Filled">N_b of that round.</param>
/// <param name="SealedRound">The round that is frozen and waits for its step to be durable; null for none.</param>
/// <param name="Heard">Workers whose contributions arrived since the last step.</param>
/// <param name="Unusable">Workers mapped here whose gradients at the newest model were not finite.</param>
/// <param name="Refused">Submissions refused since activation, by reason.</param>
/// <param name="Version">The newest model heard of, or an older one where the buffer only knows its stored state.</param>
[GenerateSerializer, Immutable, Alias("basgd.buffer-report")]
public sealed record BufferReport(
    [property: Id(0)] long OpenRound,
    [property: Id(1)] int Filled,
    [property: Id(2)] long? SealedRound,
    [property: Id(3)] IReadOnlyList<int> Heard,
    [property: Id(4)] IReadOnlyList<int> Unusable,
    [property: Id(5)] IReadOnlyDictionary<Refusal, long> Refused,
    [property: Id(6)] ModelVersion Version)
{
    /// <summary>Address of the silo that holds the buffer.</summary>
    [Id(7)] public string Silo { get; init; } = "";

    /// <summary>Whether the buffer can be sealed for the round.</summary>
    public bool IsFullFor(long round) => SealedRound == round || (OpenRound == round && Filled > 0);
}

/// <summary>A frozen round of one buffer.</summary>
/// <param name="Mean">h_b; must not be changed. Belongs to whoever gets it in an answer, else to the buffer, until the round is dropped.</param>
/// <param name="Contributions">The N_b contributions it is made of.</param>
/// <param name="MeanLoss">Mean of their losses.</param>
/// <param name="Traces">Where the traces of those that are sampled end in the buffer, W3C trace context; null where it is not said. Only in an answer, never stored.</param>
[GenerateSerializer, Immutable, Alias("basgd.sealed-round")]
public sealed record SealedRound(
    [property: Id(0)] long Round,
    [property: Id(1)] ParameterVector Mean,
    [property: Id(2)] IReadOnlyList<Contribution> Contributions,
    [property: Id(3)] double MeanLoss,
    [property: Id(4)] IReadOnlyList<string>? Traces = null);

/// <summary>Running mean h_b of the gradients that arrived in this round. Key: buffer index and job name.</summary>
[Alias("basgd.IBufferGrain")]
public interface IBufferGrain : IGrainWithIntegerCompoundKey
{
    /// <summary>Takes a gradient in, or says why not. Safe to repeat.</summary>
    [Alias("Submit")]
    Task<SubmitResult> Submit(Submission submission);

    /// <summary>Takes a large gradient in, which the buffer fetches once everything else about the submission is right. Safe to repeat; the offer must stand until the answer.</summary>
    /// <param name="submission">Without its gradient.</param>
    [Alias("SubmitOffer"), Orleans.Concurrency.AlwaysInterleave, ResponseTimeout("00:02:00")]
    Task<SubmitResult> SubmitOffer(Submission submission, VectorOffer offer);

    /// <summary>Called by the model grain when it opens, closes or remaps the buffers. Safe to repeat.</summary>
    [Alias("Open")]
    Task<BufferReport> Open(BufferOpening opening);

    /// <summary>Freezes the round of this model and opens the next. Safe to repeat; null where the buffer is not full for that round, or follows a model of another generation or mapping.</summary>
    [Alias("Seal")]
    Task<SealedRound?> Seal(ModelVersion version, int mappingEpoch);

    /// <summary>The model of this version can be seen: forgets sealed rounds before its step. Safe to repeat.</summary>
    [Alias("Commit")]
    Task Commit(ModelVersion version);

    /// <summary>What the buffer knows of each worker mapped here.</summary>
    [Alias("GetHoldings"), Orleans.Concurrency.AlwaysInterleave]
    Task<BufferHoldings> GetHoldings();

    /// <summary>What the buffer counted of each worker since it was activated, workers that moved on since included.</summary>
    [Alias("GetTallies"), Orleans.Concurrency.AlwaysInterleave]
    Task<IReadOnlyDictionary<int, WorkerTally>> GetTallies();

    [Alias("GetReport"), Orleans.Concurrency.AlwaysInterleave]
    Task<BufferReport> GetReport();
}
