using Basgd.Aggregation;
using Basgd.Contracts;
using Basgd.Grains.Telemetry;
using Basgd.Protocol;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Placement;

namespace Basgd.Grains;

/// <summary>
/// Shell of <see cref="RoundCore"/>: asks buffers, stores, and tells. Requests only note what arrived; one background task at a time
/// changes the model: a step, a reassignment, or a poll of buffers that were not heard of. So a buffer's notice never waits for a step,
/// and none is lost. As with buffers, the next activation reads what this one stored.
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
    private RoundCore? core;
    private ModelState? stored;
    private IBufferGrain[] buffers = [];
    private bool isInterrupted;
    private bool hasRecovered;
    private Task? work;
    private string? message;
    private string? trouble;
    private readonly RepeatedProblem failures = new();
    private TaskCompletionSource stepped = NewSignal();

    private string Job => this.GetPrimaryKeyString();

    /// <summary>The model; null before it is made. Until it is opened, it is what was stored.</summary>
    private ModelState? State => core?.State ?? stored;

    private ModelState? Durable => core?.Durable ?? stored;

    private bool IsOpen => core is { IsOpen: true };

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (record.RecordExists) stored = record.State.ToState();
        ShowGauges();
        this.RegisterGrainTimer(OnTick, new GrainTimerCreationOptions(Tick, Tick) { Interleave = true });
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        core?.Close();
        HideGauges();
        await ending.CancelAsync();
        if (work is { } running) await running;
        try
        {
            if (State is { } state && Durable!.Version != state.Version && reason.ReasonCode == DeactivationReasonCode.ShuttingDown)
                await Persist(state);
        }
        finally
        {
            State?.Return();
        }
    }

    /// <summary>Once it is deactivated.</summary>
    public void Dispose() => ending.Dispose();

    /// <inheritdoc/>
    public async Task<ModelStatus> Open(JobSpec spec)
    {
        if (IsOpen) return Status();
        jobSpec = spec;
        buffers = [.. Enumerable.Range(0, spec.Buffers).Select(b => GrainFactory.GetGrain<IBufferGrain>(b, Job))];
        if (stored is null)
        {
            await Create(spec);
            hasRecovered = true;
        }

        core ??= new RoundCore(spec, Rules.Create<float>(spec.Rule, spec.EffectiveTolerate, spec.EffectiveAggregationThreads), new Horizon(spec, record.State.TrainingExamples), time, stored!);
        if (!hasRecovered && await Recovered() is { } recovered) await BeginGeneration(recovered);
        hasRecovered = true;
        if (core.IsCompleted || core.HasDiverged) return Status();

        // Only here: a reassignment opens buffers, too, but one that does not help is no step.
        Wait();
        core.Begin();
        await OpenBuffers();
        LogOpened(Job, core.State.Version);
        Advance();
        return Status();
    }

    /// <inheritdoc/>
    public async Task<ModelStatus> Close()
    {
        if (!IsOpen) return Status();
        if (core!.HasBegun) await Patiently(stepped.Task, FinishPatience);
        core.Close();
        while (work is { } running) await running;
        if (core.Durable.Version != core.State.Version) await Persist(core.State);
        await SendOpening();
        Signal();
        LogClosed(Job, core.State.Version);
        return Status();
    }

    /// <inheritdoc/>
    public async Task<ModelStatus> Lift(int worker)
    {
        var confined = State?.Quarantine.Workers ?? [];
        if (!confined.Contains(worker))
            throw new JobRefusedException($"worker = {worker}: must be one in quarantine: {(confined.Count == 0 ? "there is none" : string.Join(", ", confined))}");
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
        if (State is null) return null;
        if (State.Version < atLeast && IsOpen) await Patiently(stepped.Task, SnapshotPatience);
        var leave = State.Parameters.Length > VectorOffer.MaxInline ? await EnterReader() : null;
        return new ModelAnswer(State.Version, offers.Answer(State.Parameters, leave), State.Routing);
    }

    /// <inheritdoc/>
    public async Task<bool> AwaitRoundEnd(ModelVersion round, int mappingEpoch)
    {
        if (!HasEnded() && !ending.IsCancellationRequested) await Patiently(stepped.Task, SnapshotPatience, ending.Token);
        return HasEnded();

        bool HasEnded() => !IsOpen || core!.State.Version > round || core.State.Routing.MappingEpoch > mappingEpoch;
    }

    /// <inheritdoc/>
    public Task<bool> BufferFull(int buffer, long round)
    {
        var completes = core?.BufferFull(buffer, round) == true;
        Advance();
        return Task.FromResult(completes);
    }

    /// <inheritdoc/>
    public Task<BufferOpening?> Join(int buffer, BufferReport report) => Task.FromResult(core?.Join(buffer, report) is { } opening ? WithRoom(opening) : null);

    /// <inheritdoc/>
    public Task<IReadOnlyList<long>> GetLastApplied() => Task.FromResult(State?.LastApplied ?? []);

    /// <inheritdoc/>
    public Task<DurableLedger?> GetLedger() =>
        Task.FromResult(Durable is { Ledger: { } tail } durable ? new DurableLedger(durable.Version, durable.GradientsApplied, tail) : null);

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
        await Write(initial);
        stored = initial;
    }

    private async Task<ModelState?> Recovered() =>
        core!.Recovered(Newest(await AskAll(static (buffer, _) => buffer.GetReport())), record.State.VersionsLost);

    private async Task BeginGeneration(ModelState next)
    {
        await Persist(next);
        core!.BeginGeneration(next);
        LogNewGeneration(Job, next.Version);
    }

    private Task OnTick(CancellationToken cancellationToken)
    {
        if (work is null && !isInterrupted && IsOpen && !core!.IsReady && !ending.IsCancellationRequested) Start(core.IsTimedOut ? Reassign : PollBuffers);
        Advance();
        return Task.CompletedTask;
    }

    private async Task Persist(ModelState next)
    {
        await Write(next);
        core!.Stored(next);
    }

    private async Task Write(ModelState next)
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
    }

    private ModelStatus Status() => new(
        IsOpen,
        core is { IsCompleted: true } && core.Durable.Version == core.State.Version,
        State?.Version ?? default,
        Durable?.Version ?? default,
        State?.GradientsApplied ?? 0,
        State?.TrainingLoss ?? double.NaN,
        State?.Parameters.Length ?? 0,
        checkpoints?.Locate("model", this.GetGrainId()),
        State?.Routing ?? new Routing(0, []),
        trouble ?? message ?? Shrunk(),
        core is { HasDiverged: true },
        measured) { Silo = RuntimeIdentity, Suspicion = Beliefs, Quarantined = State?.Quarantine.Workers };

    private string? Shrunk() => jobSpec is not null && State is { } state && state.Routing.Buffers < jobSpec.Buffers
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
