using System.Runtime.InteropServices;
using Basgd.Contracts;
using Basgd.Contracts.Access;

namespace Basgd.Client.Tests.Fakes;

/// <summary>A job that makes ten steps whenever somebody looks.</summary>
internal sealed class FakeJob : ITrainingJobGrain
{
    private long step;

    public List<string> Calls { get; } = [];

    public JobSpec Spec { get; set; } = new() { Steps = 30, Byzantine = 0 };

    public JobPhase? Phase { get; set; }

    public EvaluationPoint? LastEvaluation { get; set; }

    /// <summary>Thrown by the calls that come next, one each.</summary>
    public Queue<Exception> Trouble { get; } = new();

    /// <summary>Thrown by every call; null to answer.</summary>
    public Exception? Dead { get; set; }

    /// <summary>Happens whenever somebody looks.</summary>
    public Action<FakeJob>? OnLook { get; set; }

    public Action? OnSubmit { get; set; }

    /// <summary>What a change of the phase waits for.</summary>
    public Task Busy { get; set; } = Task.CompletedTask;

    public string? Message { get; set; }

    public int Dimension { get; set; } = 10;

    public IReadOnlyList<TensorShape> Layout { get; set; } = [];

    public IReadOnlyList<LeaseStatus> Leases { get; set; } = [];

    public IReadOnlyList<string> Warnings { get; set; } = [];

    public IReadOnlyList<SiloObstacle> Obstacles { get; set; } = [];

    public float[] Parameters { get; set; } = [];

    public Task Submit(JobSpec spec)
    {
        Calls.Add(nameof(Submit));
        Throw();
        OnSubmit?.Invoke();
        Spec = spec;
        Phase ??= JobPhase.Running;
        return Task.CompletedTask;
    }

    public Task<JobStatus> GetStatus()
    {
        Throw();
        OnLook?.Invoke(this);
        var status = Statuses.Of(Spec, Phase ?? throw new JobRefusedException("name = nobody: there is no such job"), step) with
        {
            LastEvaluation = LastEvaluation,
            Leases = Leases,
            Message = Message,
            Warnings = Warnings,
            Obstacles = Obstacles,
            Quarantined = Quarantined,
            Checkpoint = "/state/checkpoint",
            Dimension = Dimension,
        };
        if (Phase == JobPhase.Running && (step += 10) >= Spec.Steps) Phase = JobPhase.Completed;
        return Task.FromResult(status);
    }

    public Task<JobHistory> GetHistory(int most) => throw new NotSupportedException();

    public Task<IReadOnlyList<WorkerStatus>> GetWorkers() => throw new NotSupportedException();

    public Task Pause() => Become(nameof(Pause), JobPhase.Paused);

    public Task Resume() => Become(nameof(Resume), JobPhase.Running);

    public Task Stop() => Become(nameof(Stop), JobPhase.Stopped);

    public IReadOnlyList<int> Quarantined { get; set; } = [];

    public Task Lift(int worker)
    {
        Calls.Add($"{nameof(Lift)} {worker}");
        Throw();
        Quarantined = [.. Quarantined.Where(other => other != worker)];
        return Task.CompletedTask;
    }

    public Task<EvaluationPoint> Evaluate()
    {
        Calls.Add(nameof(Evaluate));
        Throw();
        return Task.FromResult(LastEvaluation = new EvaluationPoint(new ModelVersion(0, step), 0.5, 0.25, 0.875, DateTimeOffset.UnixEpoch));
    }

    public Task<IReadOnlyList<TensorShape>> GetLayout() => Answer(Layout);

    public IReadOnlyDictionary<string, string> Usage { get; set; } = new Dictionary<string, string>();

    public Task<IReadOnlyDictionary<string, string>> GetUsage() => Answer(Usage);

    public Task<ParameterChunk> ReadParameters(ModelVersion? version, long offset, int length)
    {
        Calls.Add($"{nameof(ReadParameters)} {offset}");
        Throw();
        var bytes = MemoryMarshal.AsBytes(Parameters.AsSpan());
        return Task.FromResult(new ParameterChunk(new ModelVersion(1, 7), bytes.Length, bytes.Slice((int)offset, Math.Min(length, bytes.Length - (int)offset)).ToArray()));
    }

    /// <summary>The ledger, read two steps at a time.</summary>
    public IReadOnlyList<LedgerEntry> Ledger { get; set; } = [];

    public IReadOnlyList<BufferHoldings> Holdings { get; set; } = [];

    /// <summary>Whether the client's token lets it do more than look.</summary>
    public bool MayAct { get; set; } = true;

    public LedgerReplay Replayed { get; set; } = new(new ModelVersion(0, 3), 6, null, null);

    public Task<LedgerChunk> ReadLedger(long afterStep)
    {
        Calls.Add($"{nameof(ReadLedger)} {afterStep}");
        Throw();
        var version = Ledger.Count == 0 ? default : Ledger[^1].Version;
        return Task.FromResult(new LedgerChunk(version, Ledger.Sum(static entry => entry.Buffers.Sum(static buffer => buffer.Count)), [.. Ledger.Skip((int)afterStep).Take(2)]));
    }

    public Task<IReadOnlyList<RoundReport>> GetRounds(ModelVersion after) => Task.FromResult<IReadOnlyList<RoundReport>>([]);

    public Task<IReadOnlyList<BufferHoldings>> GetHoldings() => Task.FromResult(Holdings);

    public Task<LedgerReplay> Replay()
    {
        Calls.Add(nameof(Replay));
        Throw();
        return MayAct ? Task.FromResult(Replayed) : throw new AccessRefusedException("Replay: the token given may look, not act");
    }

    private async Task Become(string call, JobPhase phase)
    {
        Calls.Add(call);
        Throw();
        await Busy;
        Phase = phase;
    }

    /// <summary>The answer of a grain that reads storage.</summary>
    public Task<T> Answer<T>(T value) => Dead is null ? Task.FromResult(value) : Task.FromException<T>(Dead);

    private void Throw()
    {
        if (Dead is not null) throw Dead;
        if (Trouble.TryDequeue(out var exception)) throw exception;
    }
}
