using Basgd.Aggregation;
using Basgd.Contracts;
using Basgd.Protocol;
using Microsoft.Extensions.Logging;
using Orleans.Placement;
using Orleans.Storage;

namespace Basgd.Grains;

/// <summary>
/// Shell of the round protocol. Requests only note what arrived; one background task at a time changes the model: a step, a
/// reassignment, or a look at buffers that were not heard of. So a buffer's notice never waits for a step, and none is lost.
/// </summary>
[KeepAlive, PreferLocalPlacement]
public sealed partial class ModelGrain(
    [PersistentState("model", StorageNames.Grains)] IPersistentState<ModelRecord> record,
    TimeProvider time,
    ILogger<ModelGrain> logger,
    ICheckpointLocator? checkpoints = null) : Grain, IModelGrain
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan SnapshotPatience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan FinishPatience = TimeSpan.FromSeconds(10);

    private JobSpec? jobSpec;
    private IRule<float>? rule;
    private ModelState? state;
    private RoundTracker rounds = new(0);
    private IBufferGrain[] buffers = [];
    private bool isOpen;
    private bool wasOpened;
    private bool diverged;
    private Task? work;
    private string? message;
    private ModelVersion durable;
    private DateTimeOffset durableAt;
    private DateTimeOffset roundStarted;
    private TaskCompletionSource stepped = NewSignal();

    private string Job => this.GetPrimaryKeyString();

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (record.RecordExists)
        {
            state = record.State.ToState();
            durable = state.Version;
        }

        this.RegisterGrainTimer(OnTick, new GrainTimerCreationOptions(Tick, Tick) { Interleave = true });
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        isOpen = false;
        if (work is { } running) await running;
        if (state is not null && durable != state.Version && reason.ReasonCode == DeactivationReasonCode.ShuttingDown)
            await Persist(state);
    }

    /// <inheritdoc/>
    public async Task<ModelStatus> Open(JobSpec spec)
    {
        if (isOpen) return Status();
        jobSpec = spec;
        rule = Rules.Create<float>(jobSpec.Rule, jobSpec.EffectiveTolerate);
        buffers = [.. Enumerable.Range(0, jobSpec.Buffers).Select(b => GrainFactory.GetGrain<IBufferGrain>(b, Job))];
        if (state is null) await Create(jobSpec);
        else if (jobSpec.Durability == Durability.Interval && !wasOpened) await StartGeneration();
        wasOpened = true;
        if (IsCompleted(state!) || diverged) return Status();

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
        if (durable != state!.Version) await Persist(state);
        await SendOpening();
        LogClosed(Job, state.Version);
        return Status();
    }

    /// <inheritdoc/>
    public Task<ModelStatus> GetStatus() => Task.FromResult(Status());

    /// <inheritdoc/>
    public async Task<ModelSnapshot?> GetSnapshot(ModelVersion atLeast)
    {
        if (state is null) return null;
        if (state.Version < atLeast && isOpen) await Patiently(stepped.Task, SnapshotPatience);
        return new ModelSnapshot(state.Version, state.Parameters, state.Routing);
    }

    /// <inheritdoc/>
    public Task<bool> BufferFull(int buffer, long round)
    {
        var before = rounds.AllFull;
        if (isOpen) rounds.Full(buffer, round);
        var completes = rounds.AllFull && !before;
        Advance();
        return Task.FromResult(completes);
    }

    /// <inheritdoc/>
    public Task<BufferOpening?> Join(int buffer, BufferReport report)
    {
        if (!isOpen) return Task.FromResult<BufferOpening?>(null);
        rounds.NotFull(buffer);
        if (report.IsFullFor(state!.Version.Step)) rounds.Full(buffer, state.Version.Step);
        return Task.FromResult<BufferOpening?>(Opening(buffer));
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<long>> GetLastApplied() => Task.FromResult(state?.LastApplied ?? []);

    private async Task Create(JobSpec job)
    {
        var workload = GrainFactory.GetGrain<IWorkloadGrain>(Job);
        var info = await workload.Describe(job);
        var initial = ModelState.Initial(await workload.Initialise(job), job.Workers, job.Buffers);
        record.State = new ModelRecord { TrainingExamples = info.TrainingExamples };
        await Persist(initial);
        state = initial;
    }

    /// <summary>Steps since the last checkpoint are lost: their numbers must not be taken for ours.</summary>
    private async Task StartGeneration()
    {
        var next = state! with { Version = state.Version with { Generation = state.Version.Generation + 1 } };
        await Persist(next);
        state = next;
    }

    private async Task OpenBuffers()
    {
        rounds = new RoundTracker(jobSpec!.Buffers);
        rounds.Restart(state!.Version.Step);
        isOpen = true;
        roundStarted = time.GetUtcNow();
        await SendOpening();
    }

    private async Task SendOpening() => Note(await Task.WhenAll(buffers.Select((grain, b) => grain.Open(Opening(b)))));

    private void Note(BufferReport[] reports)
    {
        for (var b = 0; b < reports.Length; b++)
        {
            if (reports[b].IsFullFor(state!.Version.Step)) rounds.Full(b, state.Version.Step);
            if (reports[b].IsFullFor(state.Version.Step + 1)) rounds.Full(b, state.Version.Step + 1);
        }
    }

    private BufferOpening Opening(int buffer) => new(
        isOpen,
        state!.Version,
        state.Routing.MappingEpoch,
        state.Parameters.Length,
        jobSpec!.MaxStaleness,
        state.Routing.BufferOf.Index().Where(entry => entry.Item == buffer).ToDictionary(entry => entry.Index, entry => state.LastApplied[entry.Index]),
        jobSpec.Durability == Durability.Acknowledged);

    private Task OnTick(CancellationToken cancellationToken)
    {
        if (isOpen && work is null && !rounds.AllFull) Start(time.GetUtcNow() - roundStarted > TimeSpan.FromSeconds(jobSpec!.ReassignAfterSeconds) ? Reassign : LookAround);
        Advance();
        return Task.CompletedTask;
    }

    /// <summary>Makes steps while all buffers are full, unless something else is at work; whoever is calls this when done.</summary>
    private void Advance()
    {
        if (isOpen && work is null && rounds.AllFull) Start(MakeSteps);
    }

    private void Start(Func<Task> what) => work = Run(what);

    private async Task Run(Func<Task> what)
    {
        await Task.Yield();
        var succeeded = false;
        try
        {
            await what();
            succeeded = true;
        }
        catch (InconsistentStateException conflict)
        {
            // Another activation wrote meanwhile: it is the model now.
            LogConflict(conflict, Job, state!.Version);
            isOpen = false;
            DeactivateOnIdle();
        }
        catch (DivergedException failure)
        {
            message = failure.Message;
            diverged = true;
            isOpen = false;
            LogDiverged(Job, failure.Message);
            await SendOpening();
        }
        catch (Exception failure)
        {
            // Nothing has changed; the next tick tries again.
            message = failure.Message;
            LogFailed(failure, Job, state!.Version);
        }
        finally
        {
            work = null;
        }

        if (succeeded) Advance();
    }

    private async Task MakeSteps()
    {
        while (isOpen && rounds.AllFull)
        {
            if (await SealAll() is not { } seals) return;
            var learningRate = CurrentLearningRate();
            var next = await Task.Run(() => Step.Make(state!, seals, rule!, learningRate, jobSpec!.WeightDecay));
            var completed = IsCompleted(next);
            if (completed || IsCheckpointDue(next)) await Persist(next);
            state = next;
            message = null;
            roundStarted = time.GetUtcNow();
            rounds.Advance();
            Signal();
            if (completed)
            {
                isOpen = false;
                LogCompleted(Job, next.Version);
                await SendOpening();
                return;
            }

            await Task.WhenAll(buffers.Select(buffer => buffer.Commit(next.Version)));
        }
    }

    private async Task<SealedRound[]?> SealAll()
    {
        var round = state!.Version.Step;
        var seals = await Task.WhenAll(buffers.Select(buffer => buffer.Seal(round)));
        for (var b = 0; b < seals.Length; b++)
            if (seals[b] is null) rounds.NotFull(b);
        SealedRound[] whole = [.. seals.OfType<SealedRound>()];
        return whole.Length == buffers.Length ? whole : null;
    }

    /// <summary>A buffer's notice may have been lost with a message or an activation: asks those that are missing.</summary>
    private async Task LookAround()
    {
        var reports = await Task.WhenAll(buffers.Select(buffer => buffer.GetReport()));
        Note(reports);

        // More than r workers cannot all be lying: an honest one sees gradients that are not finite.
        if (!rounds.AllFull && reports.Sum(report => report.Unusable.Count) > jobSpec!.EffectiveTolerate)
            throw new DivergedException($"training diverged: gradients at step {state!.Version} are not finite");
    }

    /// <summary>No step for Δ: empties the buffers and spreads the active workers over all of them (Algorithm 1, lines for Δ).</summary>
    private async Task Reassign()
    {
        var reports = await Task.WhenAll(buffers.Select(buffer => buffer.GetReport()));
        Note(reports);
        if (rounds.AllFull) return;
        roundStarted = time.GetUtcNow();
        var active = reports.SelectMany(report => report.Heard).ToHashSet();
        if (Mapping.Reassign(state!.Routing, active, jobSpec!.Buffers) is not { } routing)
        {
            message = $"waiting: {active.Count} active workers are fewer than buffers = {jobSpec.Buffers}";
            LogStarving(Job, active.Count, jobSpec.Buffers);
            return;
        }

        var next = state with { Routing = routing };
        await Persist(next);
        state = next;
        LogReassigned(Job, routing.MappingEpoch, active.Count);
        await OpenBuffers();
    }

    private async Task Persist(ModelState next)
    {
        var before = record.State;
        record.State = ModelRecord.From(next, before.TrainingExamples);
        try
        {
            await record.WriteStateAsync();
        }
        catch
        {
            record.State = before;
            throw;
        }

        durable = next.Version;
        durableAt = time.GetUtcNow();
    }

    private bool IsCheckpointDue(ModelState next) =>
        jobSpec!.Durability != Durability.Interval
        || next.Version.Step - durable.Step >= jobSpec.CheckpointSteps
        || (time.GetUtcNow() - durableAt).TotalSeconds >= jobSpec.EffectiveCheckpointSeconds;

    private double EpochOf(ModelState at) => (double)at.GradientsApplied * jobSpec!.Batch / record.State.TrainingExamples;

    private bool IsCompleted(ModelState at) => jobSpec!.Steps is { } steps ? at.Version.Step >= steps : EpochOf(at) >= jobSpec.EffectiveEpochs;

    private double CurrentLearningRate() =>
        LearningRate.At(EpochOf(state!), jobSpec!.LearningRate, jobSpec.DecayFactor, jobSpec.DecayAtEpochs);

    private ModelStatus Status()
    {
        var known = jobSpec is not null && state is not null;
        var epoch = known ? EpochOf(state!) : 0;
        return new ModelStatus(
            isOpen,
            known && IsCompleted(state!) && durable == state!.Version,
            state?.Version ?? default,
            durable,
            epoch,
            known ? Math.Clamp(jobSpec!.Steps is { } steps ? (double)state!.Version.Step / steps : epoch / jobSpec.EffectiveEpochs!.Value, 0, 1) : 0,
            known ? CurrentLearningRate() : 0,
            state?.GradientsApplied ?? 0,
            state?.TrainingLoss ?? double.NaN,
            state?.Parameters.Length ?? 0,
            checkpoints?.Locate("model", this.GetGrainId()),
            state?.Routing ?? new Routing(0, []),
            message,
            diverged);
    }

    private async Task Patiently(Task signal, TimeSpan patience)
    {
        try
        {
            await signal.WaitAsync(patience, time);
        }
        catch (TimeoutException)
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
