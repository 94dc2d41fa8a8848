using Orleans.Concurrency;

namespace Basgd.Contracts;

/// <summary>The right to act as a worker until it expires.</summary>
/// <param name="Id">Tells this lease from earlier ones of the same worker.</param>
/// <param name="NextSequence">Where the worker goes on.</param>
[GenerateSerializer, Immutable, Alias("basgd.lease")]
public sealed record Lease(
    [property: Id(0)] JobSpec Spec,
    [property: Id(1)] int Worker,
    [property: Id(2)] Guid Id,
    [property: Id(3)] TimeSpan Duration,
    [property: Id(4)] long NextSequence);

/// <summary>Leases of a job's workers, as a worker silo's pump sees them. Key: job name; the same grain as <see cref="ITrainingJobGrain"/>.</summary>
[Alias("basgd.ILeaseGrain")]
public interface ILeaseGrain : IGrainWithStringKey
{
    /// <summary>Grants up to <paramref name="wanted"/> leases, at most the silo's fair share; none where the job is not running.</summary>
    [Alias("Acquire"), AlwaysInterleave]
    Task<IReadOnlyList<Lease>> Acquire(string silo, int wanted);

    /// <summary>Prolongs a lease. False where it is lost: stop acting as that worker.</summary>
    [Alias("Renew"), AlwaysInterleave]
    Task<bool> Renew(string silo, int worker, Guid id);

    [Alias("Release"), AlwaysInterleave]
    Task Release(int worker, Guid id);

    /// <summary>A silo says why its workers fail; null once one of them works again. Servers of versions that lack it answer with an error.</summary>
    [Alias("Report"), AlwaysInterleave]
    Task Report(string silo, WorkProblem? problem);
}

/// <summary>What keeps a silo's workers from a job's work.</summary>
/// <param name="Reason">One line for people.</param>
/// <param name="IsLasting">Whether it stays so until somebody mends it, as with damaged data.</param>
[GenerateSerializer, Immutable, Alias("basgd.work-problem")]
public sealed record WorkProblem([property: Id(0)] string Reason, [property: Id(1)] bool IsLasting);

/// <summary>One gradient's worth of work.</summary>
/// <param name="TakeAtLeast">Model version to take the gradient at, or a newer one.</param>
/// <param name="MinMappingEpoch">Routing to follow, or a newer one.</param>
[GenerateSerializer, Immutable, Alias("basgd.work-order")]
public sealed record WorkOrder(
    [property: Id(0)] int Worker,
    [property: Id(1)] long Sequence,
    [property: Id(2)] ModelVersion TakeAtLeast,
    [property: Id(3)] int MinMappingEpoch)
{
    /// <summary>What the worker does next, after what its buffer said.</summary>
    /// <param name="result">The buffer's answer.</param>
    /// <param name="mappingEpoch">The routing that was followed.</param>
    public WorkOrder Next(SubmitResult result, int mappingEpoch) => this with
    {
        Sequence = result.NextSequence(Sequence),

        // Answers may overtake each other, so an older one does not count; but where a model is refused as too new, none as new need be there.
        TakeAtLeast = result.TakeAtLeast > TakeAtLeast || result.Refusal == Refusal.ImplausibleVersion ? result.TakeAtLeast : TakeAtLeast,
        MinMappingEpoch = result.Refusal == Refusal.WrongBuffer ? mappingEpoch + 1 : MinMappingEpoch,
    };
}

/// <param name="Result">Null where the job has no model to work on.</param>
/// <param name="MappingEpoch">The routing that was followed.</param>
[GenerateSerializer, Immutable, Alias("basgd.work-result")]
public sealed record WorkResult([property: Id(0)] SubmitResult? Result, [property: Id(1)] int MappingEpoch);

/// <summary>Computes gradients on the calling silo. Stateless worker; key: job name.</summary>
[Alias("basgd.IWorkerGrain")]
public interface IWorkerGrain : IGrainWithStringKey
{
    /// <summary>Fetches the model, computes one gradient, makes of it what the worker sends, submits.</summary>
    [Alias("Work"), ResponseTimeout("00:05:00")]
    Task<WorkResult> Work(JobSpec spec, WorkOrder order);

    /// <summary>The silo does not act as the worker any more: lets go of its momentum.</summary>
    [Alias("Forget")]
    Task Forget(int worker);
}
