using Basgd.Contracts.Access;
using Orleans.Concurrency;

namespace Basgd.Contracts;

/// <summary>One training run, by name: its spec, status and workers. The only grain a client needs besides <see cref="IJobDirectoryGrain"/>.</summary>
[Alias("basgd.ITrainingJobGrain")]
public interface ITrainingJobGrain : IGrainWithStringKey
{
    /// <summary>Creates and starts the job. The same spec again changes nothing and answers the same.</summary>
    /// <exception cref="JobRefusedException">The spec is invalid, its data cannot be had, or the name is taken by another spec.</exception>
    [Alias("Submit"), ResponseTimeout("00:10:00")]
    Task Submit(JobSpec spec);

    /// <summary>How it goes, as of now. Asks the model and the buffers.</summary>
    /// <exception cref="JobRefusedException">There is no such job.</exception>
    [Alias("GetStatus"), Look, AlwaysInterleave]
    Task<JobStatus> GetStatus();

    /// <summary>How it went so far.</summary>
    /// <param name="most">Points at most, 2 … 10,000.</param>
    /// <exception cref="JobRefusedException">There is no such job, or most is out of range.</exception>
    [Alias("GetHistory"), Look, AlwaysInterleave]
    Task<JobHistory> GetHistory(int most);

    /// <summary>All m workers.</summary>
    /// <exception cref="JobRefusedException">There is no such job.</exception>
    [Alias("GetWorkers"), Look, AlwaysInterleave]
    Task<IReadOnlyList<WorkerStatus>> GetWorkers();

    /// <summary>Finishes the round, makes it durable, takes the leases back. Does nothing to a job that is not running.</summary>
    [Alias("Pause"), ResponseTimeout("00:02:00")]
    Task Pause();

    /// <summary>Goes on from the last durable step. Does nothing to a running job.</summary>
    /// <exception cref="JobRefusedException">The job is completed or stopped.</exception>
    [Alias("Resume")]
    Task Resume();

    /// <summary>Like <see cref="Pause"/>, for good.</summary>
    [Alias("Stop"), ResponseTimeout("00:02:00")]
    Task Stop();

    /// <summary>Lets a worker out of quarantine, and forgets what is believed of it.</summary>
    /// <exception cref="JobRefusedException">There is no such job or worker, or the worker is not in quarantine.</exception>
    [Alias("Lift"), ResponseTimeout("00:02:00")]
    Task Lift(int worker);

    /// <summary>Judges the current model on the held-out data, on some silo with the worker role.</summary>
    [Alias("Evaluate"), AlwaysInterleave, ResponseTimeout("00:10:00")]
    Task<EvaluationPoint> Evaluate();

    /// <summary>Names and shapes of the model's tensors, in the order in which they lie in the vector.</summary>
    [Alias("GetLayout"), Look, AlwaysInterleave, ResponseTimeout("00:10:00")]
    Task<IReadOnlyList<TensorShape>> GetLayout();

    /// <summary>How to use the model's parameters elsewhere: inputs, outputs, normalisation, vocabulary, as texts by name.</summary>
    [Alias("GetUsage"), Look, AlwaysInterleave]
    Task<IReadOnlyDictionary<string, string>> GetUsage();

    /// <summary>Part of the newest durable parameter vector, little-endian floats: bytes [offset, offset + length).</summary>
    /// <param name="version">Null for the newest; then pass the answer's version to get the rest of the same model.</param>
    /// <exception cref="JobRefusedException">That version is gone: start over.</exception>
    [Alias("ReadParameters"), Look, AlwaysInterleave]
    Task<ParameterChunk> ReadParameters(ModelVersion? version, long offset, int length);

    /// <summary>Part of the ledger of durable steps.</summary>
    /// <param name="afterStep">The step after which to read on; 0 for the start.</param>
    /// <exception cref="JobRefusedException">The job keeps no ledger, or has no model yet.</exception>
    [Alias("ReadLedger"), Look, AlwaysInterleave]
    Task<LedgerChunk> ReadLedger(long afterStep);

    /// <summary>What the newest steps after the given one were made of, oldest first; as far back as is remembered, some hundred steps.</summary>
    /// <param name="after">The version of the last report that the caller has; default for all.</param>
    /// <exception cref="JobRefusedException">There is no such job.</exception>
    [Alias("GetRounds"), Look, AlwaysInterleave]
    Task<IReadOnlyList<RoundReport>> GetRounds(ModelVersion after);

    /// <summary>What the buffers know of each worker: what a ledger must explain where nothing acknowledged may be lost.</summary>
    /// <exception cref="JobRefusedException">There is no such job.</exception>
    [Alias("GetHoldings"), Look, AlwaysInterleave]
    Task<IReadOnlyList<BufferHoldings>> GetHoldings();

    /// <summary>Makes every step of the ledger again, on some silo with the worker role, and compares the parameters bit for bit.</summary>
    /// <exception cref="JobRefusedException">The job keeps no ledger, has no model yet, or its newest step is not durable yet.</exception>
    [Alias("Replay"), AlwaysInterleave, ResponseTimeout("01:00:00")]
    Task<LedgerReplay> Replay();
}

/// <summary>The jobs of a cluster. One grain, key 0.</summary>
[Alias("basgd.IJobDirectoryGrain")]
public interface IJobDirectoryGrain : IGrainWithIntegerKey
{
    [Alias("List"), Look, AlwaysInterleave]
    Task<IReadOnlyList<JobEntry>> List();

    /// <summary>Called by a job when its phase changes.</summary>
    [Alias("Put")]
    Task Put(JobEntry entry);
}

[GenerateSerializer, Immutable, Alias("basgd.job-entry")]
public sealed record JobEntry([property: Id(0)] string Name, [property: Id(1)] JobPhase Phase);

/// <summary>The request was understood and refused; nothing changed. The message names the field, the value and the rule.</summary>
[GenerateSerializer, Alias("basgd.job-refused")]
public sealed class JobRefusedException(string message) : Exception(message);
