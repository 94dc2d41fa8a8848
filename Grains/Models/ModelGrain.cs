using Basgd.Aggregation;
using Basgd.Contracts;
using Basgd.Grains.Telemetry;
using Basgd.Protocol;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Placement;

namespace Basgd.Grains;

/// <summary>
/// Shell of the round protocol. Requests only note what arrived; one background task at a time changes the model: a step, a
/// reassignment, or a look at buffers that were not heard of. So a buffer's notice never waits for a step, and none is lost. As with
/// buffers, the next activation reads what this one stored.
/// </summary>
[KeepAlive, PreferLocalPlacement, Immovable(ImmovableKind.Any)]
public sealed partial class ModelGrain(
    [PersistentState("model", StorageNames.Grains)] IPersistentState<ModelRecord> record,
    TimeProvider time,
    VectorOffers offers,
    VectorFetcher fetcher,
    WorkloadCaller workloads,
    Rooms rooms,
    SiloStopping stopping,
    ModelInstruments instruments,
    StorageInstruments storage,
    IOptions<JobOptions> options,
    ILogger<ModelGrain> logger,
    ICheckpointLocator? checkpoints = null) : Grain, IModelGrain, IDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan SnapshotPatience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan FinishPatience = TimeSpan.FromSeconds(10);

    /// <summary>Readers elsewhere of a model that does not fit a message: each may keep one from going back to the pool while it reads.</summary>
    private readonly FairGate readers = new(2);

    /// <summary>Ends what waits for buffers when this activation ends, or its silo: they may have moved already, and wait for the model's next one.</summary>
    private readonly CancellationTokenSource ending = CancellationTokenSource.CreateLinkedTokenSource(stopping.Token);

    private JobSpec? jobSpec;
    private IRule<float>? rule;
    private ModelState? state;
    private readonly Attendance attendance = new(time);
    private RoundTracker rounds = new(0);
    private IBufferGrain[] buffers = [];
    private bool isOpen;
    private bool isInterrupted;
    private bool wasOpened;
    private bool diverged;
    private Task? work;
    private string? message;
    private string? trouble;
    private readonly RepeatedProblem failures = new();
    private ModelState? durable;
    private DateTimeOffset durableAt;
    private DateTimeOffset roundStarted;
    private DateTimeOffset mapped;
    private TaskCompletionSource stepped = NewSignal();

    private string Job => this.GetPrimaryKeyString();

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (record.RecordExists)
        {
            state = record.State.ToState();
            durable = state;
        }

        ShowGauges();
        this.RegisterGrainTimer(OnTick, new GrainTimerCreationOptions(Tick, Tick) { Interleave = true });
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        isOpen = false;
        HideGauges();
        await ending.CancelAsync();
        if (work is { } running) await running;
        try
        {
            if (state is not null && durable!.Version != state.Version && reason.ReasonCode == DeactivationReasonCode.ShuttingDown)
                await Persist(state);
        }
        finally
        {
            state?.Return();
        }
    }

    /// <summary>Once it is deactivated.</summary>
    public void Dispose() => ending.Dispose();

    /// <inheritdoc/>
    public async Task<ModelStatus> Open(JobSpec spec)
    {
        if (isOpen) return Status();
        jobSpec = spec;
        rule = Rules.Create<float>(jobSpec.Rule, jobSpec.EffectiveTolerate, jobSpec.EffectiveAggregationThreads);
        buffers = [.. Enumerable.Range(0, jobSpec.Buffers).Select(b => GrainFactory.GetGrain<IBufferGrain>(b, Job))];
        if (state is null) await Create(jobSpec);
        else if (!wasOpened && await NextGeneration() is { } generation) await StartGeneration(generation);
        wasOpened = true;
        if (IsCompleted(state!) || diverged) return Status();

        // Not where buffers are opened for another reason: a reassignment that does not help is no step.
        Wait();
        mapped = time.GetUtcNow();
        await OpenBuffers();
        LogOpened(Job, state!.Version);
        Advance();
        return Status();
    }

    /// <inheritdoc/>
    public async Task<ModelStatus> Close()
    {
        if (!isOpen) return Status();
        if (rounds.AnyFull) await Patiently(stepped.Task, FinishPatience);
        isOpen = false;
        while (work is { } running) await running;
        if (durable!.Version != state!.Version) await Persist(state);
        await SendOpening();
        Signal();
        LogClosed(Job, state.Version);
        return Status();
    }

    /// <inheritdoc/>
    public async Task<ModelStatus> Lift(int worker)
    {
        if (state is null || !state.Quarantine.Workers.Contains(worker)) throw new JobRefusedException($"worker = {worker}: must be one in quarantine: {(state is null or { Quarantine.Workers.Count: 0 } ? "there is none" : string.Join(", ", state.Quarantine.Workers))}");
        isInterrupted = true;
        try
        {
            while (work is { } running) await running;
            work = Release(worker);
            await work;
        }
        finally
        {
            work = null;
            isInterrupted = false;
        }

        Advance();
        return Status();
    }

    /// <inheritdoc/>
    public Task<ModelStatus> GetStatus() => Task.FromResult(Status());

    /// <inheritdoc/>
    public async Task<ModelAnswer?> GetSnapshot(ModelVersion atLeast)
    {
        if (state is null) return null;
        if (state.Version < atLeast && isOpen) await Patiently(stepped.Task, SnapshotPatience);
        var leave = state.Parameters.Length > VectorOffer.MaxInline ? await EnterReader() : null;
        return new ModelAnswer(state.Version, offers.Answer(state.Parameters, leave), state.Routing);
    }

    /// <inheritdoc/>
    public async Task<bool> AwaitRoundEnd(ModelVersion round, int mappingEpoch)
    {
        if (!HasEnded() && !ending.IsCancellationRequested) await Patiently(stepped.Task, SnapshotPatience, ending.Token);
        return HasEnded();

        bool HasEnded() => !isOpen || state!.Version > round || state.Routing.MappingEpoch > mappingEpoch;
    }

    /// <inheritdoc/>
    public Task<bool> BufferFull(int buffer, long round)
    {
        var before = rounds.AllFull;
        if (isOpen && buffer < state!.Routing.Buffers) rounds.Full(buffer, round);
        var completes = rounds.AllFull && !before;
        Advance();
        return Task.FromResult(completes);
    }

    /// <inheritdoc/>
    public Task<BufferOpening?> Join(int buffer, BufferReport report)
    {
        if (!isOpen) return Task.FromResult<BufferOpening?>(null);
        rounds.NotFull(buffer);
        if (buffer < state!.Routing.Buffers && report.IsFullFor(state.Version.Step)) rounds.Full(buffer, state.Version.Step);
        return Task.FromResult<BufferOpening?>(Opening(buffer));
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<long>> GetLastApplied() => Task.FromResult(state?.LastApplied ?? []);

    /// <inheritdoc/>
    public Task<DurableLedger?> GetLedger() =>
        Task.FromResult(durable is { Ledger: { } tail } ? new DurableLedger(durable.Version, durable.GradientsApplied, tail) : null);

    /// <summary>Waits until one more may read a model, which takes up room while newer ones come. While the model was never opened there is nothing else that does.</summary>
    private async Task<Action> EnterReader()
    {
        await readers.Enter("reader");
        var place = jobSpec is null ? null : await rooms.Enter(Job, Rooms.For(jobSpec), "reader");
        return () =>
        {
            place?.Dispose();
            readers.Leave();
        };
    }

    private async Task Create(JobSpec job)
    {
        var info = await workloads.Ask(job, grain => grain.Describe(job));
        var parameters = await fetcher.Open(await workloads.Ask(job, grain => grain.Initialise(job))) ?? throw new TimeoutException("the initial parameters could not be fetched in time");
        var initial = ModelState.Initial(parameters, job.Workers, job.Buffers, job.Ledger);
        record.State = new ModelRecord { TrainingExamples = info.TrainingExamples };
        await Persist(initial);
        state = initial;
    }

    /// <summary>
    /// The generation that begins where steps were lost, so that their numbers are not taken for ours: after the last checkpoint,
    /// or because storage fell back to an older one. It says so, or a buffer that lived through it knows a newer model.
    /// </summary>
    private async Task<int?> NextGeneration()
    {
        var newest = Newest(await AskAll(static (buffer, _) => buffer.GetReport()));
        var lost = record.State.VersionsLost;
        if (jobSpec!.Durability != Durability.Interval && lost == 0 && newest <= state!.Version) return null;

        // Each of the lost versions began at most one generation.
        return Math.Max(state!.Version.Generation + lost, newest.Generation) + 1;
    }

    private async Task StartGeneration(int generation)
    {
        var next = state! with { Version = state.Version with { Generation = generation } };
        await Persist(next);
        Show(next);
        LogNewGeneration(Job, next.Version);
    }

    private Task OnTick(CancellationToken cancellationToken)
    {
        if (isOpen && work is null && !isInterrupted && !rounds.AllFull && !ending.IsCancellationRequested) Start(time.GetUtcNow() - roundStarted > TimeSpan.FromSeconds(jobSpec!.ReassignAfterSeconds) ? Reassign : LookAround);
        Advance();
        return Task.CompletedTask;
    }

    private async Task Persist(ModelState next)
    {
        var before = record.State;
        record.State = ModelRecord.From(next, before.TrainingExamples);
        try
        {
            await storage.Persist(Job, "model", record.WriteStateAsync);
        }
        catch
        {
            record.State = before;
            throw;
        }

        durable = next;
        durableAt = time.GetUtcNow();
    }

    /// <summary>Makes the next model the visible one. The vectors of the one before go back when their last reader is done.</summary>
    private void Show(ModelState next)
    {
        var before = state!;
        state = next;
        if (before.Parameters != next.Parameters) before.Parameters.Return();
        if (before.Velocity != next.Velocity) before.Velocity?.Return();
    }

    private bool IsCheckpointDue(ModelState next) =>
        jobSpec!.Durability != Durability.Interval
        || next.Version.Step - durable!.Version.Step >= jobSpec.CheckpointSteps
        || next.Ledger?.IsFull() == true
        || (time.GetUtcNow() - durableAt).TotalSeconds >= jobSpec.EffectiveCheckpointSeconds;

    private bool IsCompleted(ModelState at) => Horizon.IsReached(at.Version.Step, at.GradientsApplied);

    private Horizon Horizon => new(jobSpec!, record.State.TrainingExamples);

    private ModelStatus Status() => new(
        isOpen,
        jobSpec is not null && state is not null && IsCompleted(state) && durable!.Version == state.Version,
        state?.Version ?? default,
        durable?.Version ?? default,
        state?.GradientsApplied ?? 0,
        state?.TrainingLoss ?? double.NaN,
        state?.Parameters.Length ?? 0,
        checkpoints?.Locate("model", this.GetGrainId()),
        state?.Routing ?? new Routing(0, []),
        trouble ?? message ?? Shrunk(),
        diverged,
        measured) { Silo = RuntimeIdentity, Suspicion = Beliefs, Quarantined = state?.Quarantine.Workers };

    private string? Shrunk() => jobSpec is not null && state is not null && state.Routing.Buffers < jobSpec.Buffers
        ? $"{state.Routing.Buffers} of buffers = {jobSpec.Buffers} are in use: too few workers are active"
        : null;

    private async Task Patiently(Task signal, TimeSpan patience, CancellationToken cancellation = default)
    {
        try
        {
            await signal.WaitAsync(patience, time, cancellation);
        }
        catch (Exception end) when (end is TimeoutException or OperationCanceledException)
        {
            // What there is has to do.
        }
    }

    private void Signal()
    {
        var signalled = stepped;
        stepped = NewSignal();
        signalled.SetResult();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
