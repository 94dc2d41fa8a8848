using Basgd.Client.Watching;
using Basgd.Contracts;

namespace Basgd.Client.Clusters;

/// <summary>A job as it is stored, while no silo looks after it.</summary>
internal sealed class StoredJob(string name, ClusterTarget target, SiloReader reader) : ITrainingJobGrain
{
    public async Task<JobStatus> GetStatus()
    {
        var status = await reader.Read<JobStatus>("job", name);
        return status.Phase == JobPhase.Running
            ? status with { Message = $"no silo runs on {target.State}, so nothing trains the job; {Summary.Resume(name, target)} goes on" }
            : status;
    }

    public Task Submit(JobSpec spec) => throw NeedsSilo();

    public Task<JobHistory> GetHistory(int most) => throw NeedsSilo();

    public Task<IReadOnlyList<WorkerStatus>> GetWorkers() => throw NeedsSilo();

    public Task Pause() => throw NeedsSilo();

    public Task Resume() => throw NeedsSilo();

    public Task Stop() => throw NeedsSilo();

    public Task Lift(int worker) => throw NeedsSilo();

    public Task<EvaluationPoint> Evaluate() => throw NeedsSilo();

    public Task<IReadOnlyList<TensorShape>> GetLayout() => throw NeedsSilo();

    public Task<IReadOnlyDictionary<string, string>> GetUsage() => throw NeedsSilo();

    public Task<ParameterChunk> ReadParameters(ModelVersion? version, long offset, int length) => throw NeedsSilo();

    public Task<LedgerChunk> ReadLedger(long afterStep) => throw NeedsSilo();

    public Task<IReadOnlyList<RoundReport>> GetRounds(ModelVersion after) => throw NeedsSilo();

    public Task<IReadOnlyList<BufferHoldings>> GetHoldings() => throw NeedsSilo();

    public Task<LedgerReplay> Replay() => throw NeedsSilo();

    /// <summary>For verbs that are not read-only, which never get here.</summary>
    public static NotSupportedException NeedsSilo() => new("only a silo can do this");
}
