using Basgd.Aggregation.Memory;
using Orleans.Concurrency;

namespace Basgd.Contracts;

/// <summary>Which buffer each worker's gradients go to (β), and since which reassignment.</summary>
/// <param name="MappingEpoch">Goes up with every change of the mapping.</param>
/// <param name="BufferOf">Indexed by worker.</param>
/// <param name="Planned">How many of the changes were planned: reshuffles, and quarantines. The others are reassignments, of a job whose buffers starved.</param>
[GenerateSerializer, Immutable, Alias("basgd.routing")]
public sealed record Routing([property: Id(0)] int MappingEpoch, [property: Id(1)] IReadOnlyList<int> BufferOf, [property: Id(2)] int Planned = 0)
{
    /// <summary>How often the mapping changed because a buffer starved, or because more could be filled again.</summary>
    public int Reassignments => MappingEpoch - Planned;

    /// <summary>B: buffers in use, the first ones. Every one of them has a worker.</summary>
    public int Buffers => BufferOf.Count == 0 ? 0 : BufferOf.Max() + 1;
}

/// <summary>A model that can be trained on.</summary>
/// <param name="Parameters">w, d floats; shared between readers, so it must not be changed. Whoever gets the snapshot returns its reference.</param>
[GenerateSerializer, Immutable, Alias("basgd.model-snapshot")]
public sealed record ModelSnapshot(
    [property: Id(0)] ModelVersion Version,
    [property: Id(1)] ParameterVector Parameters,
    [property: Id(2)] Routing Routing);

/// <summary>A model on its way to a silo; see <see cref="ModelSnapshot"/>.</summary>
[GenerateSerializer, Immutable, Alias("basgd.model-answer")]
public sealed record ModelAnswer(
    [property: Id(0)] ModelVersion Version,
    [property: Id(1)] VectorParcel Parameters,
    [property: Id(2)] Routing Routing);

/// <summary>How the model grain stands.</summary>
/// <param name="Durable">The newest version that a crash cannot take back.</param>
/// <param name="Completed">Whether the requested step or epoch is reached and durable.</param>
/// <param name="Message">What it waits for or why it failed; null where there is nothing to say.</param>
/// <param name="Diverged">Whether training blew up: no further step can be made.</param>
/// <param name="Measured">The newest step in which distances were measured; null before.</param>
[GenerateSerializer, Immutable, Alias("basgd.model-status")]
public sealed record ModelStatus(
    [property: Id(0)] bool IsOpen,
    [property: Id(1)] bool Completed,
    [property: Id(2)] ModelVersion Version,
    [property: Id(3)] ModelVersion Durable,
    [property: Id(4)] long GradientsApplied,
    [property: Id(5)] double TrainingLoss,
    [property: Id(6)] int Dimension,
    [property: Id(7)] string? Checkpoint,
    [property: Id(8)] Routing Routing,
    [property: Id(9)] string? Message,
    [property: Id(10)] bool Diverged,
    [property: Id(12)] RoundReport? Measured = null)
{
    /// <summary>Address of the silo that holds the model.</summary>
    [Id(11)] public string Silo { get; init; } = "";

    /// <summary>The belief that each worker is Byzantine, by worker; null where nothing is known.</summary>
    [Id(13)] public IReadOnlyList<double>? Suspicion { get; init; }

    /// <summary>Workers in quarantine, ascending; null where the model's silo is of a version that has none.</summary>
    [Id(14)] public IReadOnlyList<int>? Quarantined { get; init; }
}

/// <summary>The job's model: makes a step once every buffer is full. Key: job name.</summary>
[Alias("basgd.IModelGrain")]
public interface IModelGrain : IGrainWithStringKey
{
    /// <summary>Starts or goes on: creates the model if there is none yet, opens the buffers. Safe to repeat.</summary>
    [Alias("Open"), ResponseTimeout("00:10:00")]
    Task<ModelStatus> Open(JobSpec spec);

    /// <summary>Finishes the round if its gradients come in soon, makes everything durable and closes the buffers. Safe to repeat.</summary>
    [Alias("Close"), ResponseTimeout("00:02:00")]
    Task<ModelStatus> Close();

    /// <summary>Lets a worker out of quarantine between two steps, durably. Others go on meanwhile.</summary>
    /// <exception cref="JobRefusedException">The worker is not in quarantine.</exception>
    [Alias("Lift"), ResponseTimeout("00:02:00")]
    Task<ModelStatus> Lift(int worker);

    [Alias("GetStatus"), AlwaysInterleave]
    Task<ModelStatus> GetStatus();

    /// <summary>The newest visible model. Waits a while for one that is at least this new, then answers what there is; null before the first Open.</summary>
    [Alias("GetSnapshot"), AlwaysInterleave]
    Task<ModelAnswer?> GetSnapshot(ModelVersion atLeast);

    /// <summary>Waits a while for a round to end: by a step, a change of the mapping, or because the model is closed.</summary>
    /// <param name="round">The version that the round's step is made from.</param>
    /// <param name="mappingEpoch">The mapping of the round.</param>
    /// <returns>Whether it has ended.</returns>
    [Alias("AwaitRoundEnd"), AlwaysInterleave]
    Task<bool> AwaitRoundEnd(ModelVersion round, int mappingEpoch);

    /// <summary>A buffer holds its first gradient of the round. True where this was the last one missing and a step follows.</summary>
    [Alias("BufferFull"), AlwaysInterleave]
    Task<bool> BufferFull(int buffer, long round);

    /// <summary>A buffer that was activated without an opening asks for it, saying what it holds; null while the model is closed.</summary>
    [Alias("Join"), AlwaysInterleave]
    Task<BufferOpening?> Join(int buffer, BufferReport report);

    /// <summary>Newest sequence number applied for each worker, −1 for none: where a new lease goes on.</summary>
    [Alias("GetLastApplied"), AlwaysInterleave]
    Task<IReadOnlyList<long>> GetLastApplied();

    /// <summary>The end of the ledger as of the newest durable model; null where the job keeps none or has no model yet.</summary>
    [Alias("GetLedger"), AlwaysInterleave]
    Task<DurableLedger?> GetLedger();

    /// <summary>The newest steps after the given one, oldest first: at most the last <see cref="RoundsKept"/> that this activation made.</summary>
    [Alias("GetRounds"), AlwaysInterleave]
    Task<IReadOnlyList<RoundReport>> GetRounds(ModelVersion after);

    /// <summary>So many rounds are remembered, in memory.</summary>
    const int RoundsKept = 256;
}

/// <summary>The newest model as this silo knows it; one activation on each silo. Key: job name.</summary>
[Alias("basgd.IModelCacheGrain")]
public interface IModelCacheGrain : IGrainWithStringKey
{
    /// <summary>As <see cref="IModelGrain.GetSnapshot"/>, but many callers cost one fetch. The answer is read on this silo.</summary>
    /// <param name="minMappingEpoch">Fetches anew where the cached routing is older than this.</param>
    [Alias("Get")]
    Task<ModelSnapshot?> Get(ModelVersion atLeast, int minMappingEpoch);

    /// <summary>As <see cref="IModelGrain.AwaitRoundEnd"/>, but many callers cost one call.</summary>
    [Alias("AwaitRoundEnd")]
    Task<bool> AwaitRoundEnd(ModelVersion round, int mappingEpoch);

    /// <summary>A buffer knows no model that new: storage may have lost it. The next <see cref="Get"/> fetches what there is, also an older one.</summary>
    [Alias("Forget")]
    Task Forget(ModelVersion version);
}
