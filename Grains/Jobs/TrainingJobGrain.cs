using System.Text.Json;
using Basgd.Contracts;
using Basgd.Grains.Telemetry;
using Basgd.Protocol;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Placement;

namespace Basgd.Grains;

/// <summary>
/// Keeps a job going: phase, leases, evaluations. It looks at the model a few times a second and never stands in a gradient's way.
/// The leases live in memory only: after a restart holders bring them back by renewing.
/// </summary>
[KeepAlive, Immovable(ImmovableKind.Any)]
public sealed partial class TrainingJobGrain(
    [PersistentState("job", StorageNames.Grains)] IPersistentState<JobRecord> record,
    [PersistentState("history", StorageNames.Grains)] IPersistentState<HistoryRecord> historyRecord,
    IOptions<JobOptions> options,
    VectorFetcher fetcher,
    WorkloadCaller workloads,
    JobInstruments instruments,
    ISiloStatusOracle silos,
    TimeProvider time,
    ILogger<TrainingJobGrain> logger,
    IStorageHealth? storage = null) : Grain, ITrainingJobGrain, ILeaseGrain
{
    private static readonly TimeSpan WriteHistoryEvery = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan ListEvery = TimeSpan.FromSeconds(15);

    private readonly TrainingHistory history = new();
    private readonly RateMeter rate = new(TimeSpan.FromSeconds(5));
    private LeaseTable leases = new(0, TimeSpan.Zero, time);
    private ModelStatus? model;
    private JobPhase? listed;
    private DateTimeOffset listedAt;
    private bool isBack;
    private Task<EvaluationPoint>? evaluation;
    private DateTimeOffset evaluatedAt;
    private DateTimeOffset historyWrittenAt;
    private long historyWritten;
    private IDisposable[] gauges = [];

    // For gauges, which are read from other threads, where grain state must not be.
    private volatile Reading? reading;

    private string Name => this.GetPrimaryKeyString();

    private IModelGrain Model => GrainFactory.GetGrain<IModelGrain>(Name);

    private JobSpec Spec => record.State.Spec ?? throw new JobRefusedException($"name = {Name}: there is no such job");

    private Horizon Horizon => new(Spec, record.State.Workload!.TrainingExamples);

    private JobPhase Phase => record.State.Phase;

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        evaluatedAt = historyWrittenAt = time.GetUtcNow();
        if (historyRecord.RecordExists) history.Restore(historyRecord.State);
        isBack = record.State.Spec is not null && Phase == JobPhase.Running;
        Prepare();
        this.RegisterGrainTimer(Look, new GrainTimerCreationOptions(options.Value.LookEvery, options.Value.LookEvery));
        gauges =
        [
            instruments.Leases.Watch(Name, () => reading?.Leases),
            instruments.LeasesWanted.Watch(Name, () => reading?.Wanted),
            instruments.Loss.Watch(Name, () => reading?.Evaluation?.Loss),
            instruments.Accuracy.Watch(Name, () => reading?.Evaluation?.Accuracy),
        ];
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        foreach (var gauge in gauges) gauge.Dispose();
        return reason.ReasonCode == DeactivationReasonCode.ShuttingDown ? WriteHistory() : Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task Submit(JobSpec spec)
    {
        if (JobSpecValidator.Validate(spec) is { Count: > 0 } problems) throw new JobRefusedException(string.Join(Environment.NewLine, problems));
        if (spec.EffectiveName != Name) throw new JobRefusedException($"name = {spec.EffectiveName}: must be the name it is submitted under, {Name}");
        if (record.State.Spec is { } existing)
        {
            if (JsonSerializer.Serialize(existing) != JsonSerializer.Serialize(spec)) throw new JobRefusedException($"name = {Name}: taken by a job with another spec; choose another name, or another state directory");
            await List();
            return;
        }

        RequireStorage("submit a job");
        if (spec.QuarantineAfterRounds is { } rounds && options.Value.DistancesEvery == 0) throw new JobRefusedException($"quarantineAfterRounds = {rounds}: must be left out where Basgd:Job:DistancesEvery = 0, as on this silo: nothing is measured to tell workers by");
        var workload = await Describe(spec);
        record.State.Spec = spec;
        record.State.Workload = workload;
        Prepare();
        await SetPhase(JobPhase.Running);
        await Look(CancellationToken.None);
    }

    private async Task<WorkloadInfo> Describe(JobSpec spec)
    {
        try
        {
            return await workloads.Ask(spec, grain => grain.Describe(spec));
        }
        catch (WorkloadFailedException failed)
        {
            throw new JobRefusedException(failed.Message);
        }
    }

    /// <inheritdoc/>
    public Task Pause() => End(JobPhase.Paused, "pause");

    /// <inheritdoc/>
    public Task Stop() => End(JobPhase.Stopped, "stop");

    /// <inheritdoc/>
    public async Task Resume()
    {
        _ = Spec;
        if (Phase == JobPhase.Running) return;
        var mayResume = Phase == JobPhase.Paused || (Phase == JobPhase.Failed && record.State.IsMendable);
        if (!mayResume) throw new JobRefusedException($"name = {Name}: the job is {Phase.ToString().ToLowerInvariant()}; only a paused one can be resumed");
        RequireStorage("resume");
        work.Clear();
        record.State.IsMendable = false;
        await SetPhase(JobPhase.Running);
        await Look(CancellationToken.None);
    }

    /// <inheritdoc/>
    public async Task Lift(int worker)
    {
        if (worker < 0 || worker >= Spec.Workers) throw new JobRefusedException($"worker = {worker}: must be 0 … {Spec.Workers - 1}");
        NoteHistory(await Model.GetStatus());
        model = await Model.Lift(worker);
        NoteHistory(model);
        await WriteHistory();
    }

    /// <inheritdoc/>
    public Task<EvaluationPoint> Evaluate() => evaluation ??= RunEvaluation();

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Lease>> Acquire(string silo, int wanted)
    {
        if (Phase != JobPhase.Running || record.State.Spec is null || model is not { IsOpen: true } || !await MayLease(silo)) return [];
        var applied = await Model.GetLastApplied();

        // A silo that was declared dead never comes back: nobody need wait for its leases to run out.
        var dead = silos.GetApproximateSiloStatuses().Where(static silo => silo.Value == SiloStatus.Dead).Select(static silo => silo.Key.ToString()).ToHashSet();
        leases.Forget(dead.Contains);
        work.Remove(dead.Contains);
        work.Hear(silo);
        return [.. leases.Acquire(silo, wanted).Select(lease => new Lease(Spec, lease.Worker, lease.Id, leases.Duration, applied[lease.Worker] + 1))];
    }

    /// <inheritdoc/>
    public Task<bool> Renew(string silo, int worker, Guid id)
    {
        work.Hear(silo);
        return Task.FromResult(Phase == JobPhase.Running && leases.Renew(silo, worker, id));
    }

    /// <inheritdoc/>
    public Task Release(int worker, Guid id)
    {
        leases.Release(worker, id);
        return Task.CompletedTask;
    }

    private void Prepare() => leases = new LeaseTable(record.State.Spec?.Workers ?? 0, options.Value.LeaseDuration, time);

    /// <summary>A few times a second: opens a model that is not, notes how it goes, evaluates when it is time, notices the end.</summary>
    private async Task Look(CancellationToken cancellationToken)
    {
        EndExport();
        reading = record.State.Spec is null ? null : new Reading(leases.Status().Count, Phase == JobPhase.Running ? Spec.Workers : 0, record.State.LastEvaluation);
        if (record.State.Spec is not { } spec || !looking.IsOver) return;
        if (Phase == JobPhase.Running) storage?.Check();
        try
        {
            await List();
            if (Phase != JobPhase.Running) return;
            await ReadSilosNowAndThen();
            model = await AskModel(Model);
            if (!model.IsOpen && !model.Completed)
            {
                model = await UnlessStorageIsLost("open the model", Model.Open(spec));
                openSince = time.GetUtcNow();
            }

            NoteLookSuccess();
            rate.Read(time.GetUtcNow(), model.GradientsApplied);
            NoteHistory(model);
            if (isBack) Say(JobEventKind.Restart, $"looked after by {RuntimeIdentity} from now on");
            isBack = false;
            if (Phase != JobPhase.Running) return;
            if (time.GetUtcNow() - historyWrittenAt > WriteHistoryEvery) await WriteHistory();
            if (storage is { Lost.IsCompleted: true }) return;
            if (model.Diverged) await SetPhase(JobPhase.Failed, model.Message);
            else if (work.Hopeless(options.Value.LeaseDuration) is { } reason) await Fail(reason);
            else if (model.Completed) await Complete();
            else if (spec.EvaluateEverySeconds > 0 && time.GetUtcNow() - evaluatedAt > TimeSpan.FromSeconds(spec.EvaluateEverySeconds)) _ = EvaluateQuietly();
        }
        catch (Exception failure) when (failure is not Orleans.Storage.InconsistentStateException)
        {
            NoteLookFailure(failure);
            if (IsHopeless && storage is not { Lost.IsCompleted: true }) await Fail(FailureReason.From(failure));
        }
    }

    /// <summary>No worker silo can work, and none will until somebody mends it.</summary>
    private async Task Fail(string reason)
    {
        model = await Model.Close();
        leases.Clear();
        rate.Reset();
        record.State.IsMendable = true;
        NoteLookSuccess();
        await SetPhase(JobPhase.Failed, $"{reason}. Mend it, then resume the job.");
    }

    private async Task Complete()
    {
        await EvaluateQuietly();
        if (Phase == JobPhase.Running) await SetPhase(JobPhase.Completed);
    }

    private async Task End(JobPhase phase, string what)
    {
        _ = Spec;
        if (Phase is not (JobPhase.Running or JobPhase.Paused) || Phase == phase) return;
        RequireStorage(what);
        if (Phase == JobPhase.Running) model = await UnlessStorageIsLost(what, Model.Close());
        if (model is { Completed: true }) return;
        leases.Clear();
        rate.Reset();
        await SetPhase(phase);
    }

    private async Task SetPhase(JobPhase phase, string? message = null)
    {
        record.State.Phase = phase;
        record.State.Message = message;
        await this.StoreOrEnd(record.WriteStateAsync);
        LogPhase(Name, phase);
        Say(JobEventKind.Phase, message is null ? phase.ToString().ToLowerInvariant() : $"{phase.ToString().ToLowerInvariant()}: {message}");
        await List();
        await WriteHistory();
    }

    /// <summary>
    /// Worker silos find jobs by the directory. It hears of a phase after that is stored here; if it could not, the next look tells it.
    /// It hears of the same phase now and then, because its own state may have been damaged.
    /// </summary>
    private async Task List()
    {
        var now = time.GetUtcNow();
        if (listed == Phase && now - listedAt < ListEvery) return;
        await UnlessStorageIsLost("tell the job directory", GrainFactory.GetGrain<IJobDirectoryGrain>(0).Put(new JobEntry(Name, Phase)));
        (listed, listedAt) = (Phase, now);
    }

    private void Say(JobEventKind kind, string text) => history.Say(time.GetUtcNow(), model?.Version.Step ?? 0, kind, text);

    private void NoteHistory(ModelStatus current) =>
        history.Note(time.GetUtcNow(), current, Horizon.EpochAt(current.GradientsApplied), Horizon.LearningRateAt(current.GradientsApplied), rate.PerSecond);

    /// <summary>Nothing depends on the history: what cannot be written is written later.</summary>
    private async Task WriteHistory()
    {
        var changes = history.Changes;
        historyWrittenAt = time.GetUtcNow();
        if (changes == historyWritten || storage is { Lost.IsCompleted: true }) return;
        historyRecord.State = history.Save();
        try
        {
            await UnlessStorageIsLost("store the history", historyRecord.WriteStateAsync());
            historyWritten = changes;
            histories.Clear();
        }
        catch (Exception failure) when (failure is not Orleans.Storage.InconsistentStateException)
        {
            var reason = FailureReason.From(failure);
            if (histories.IsNews(reason, out var times)) LogHistoryFailed(Name, times, reason);
        }
    }

    private async Task EvaluateQuietly()
    {
        try
        {
            await Evaluate();
            evaluations.Clear();
        }
        catch (Exception failure)
        {
            var reason = FailureReason.From(failure);
            if (evaluations.IsNews(reason, out var times))
                LogEvaluationFailed(RepeatedProblem.WithStack(failure, times), Name, times, reason);
        }
    }

    private async Task<EvaluationPoint> RunEvaluation()
    {
        // Whoever asks while this runs shares its answer.
        await Task.Yield();
        try
        {
            var current = await Model.GetStatus();
            var result = await AskWorkload(grain => grain.Evaluate(Spec, current.Version));
            var point = new EvaluationPoint(result.Version, Horizon.EpochAt(current.GradientsApplied), result.Loss, result.Accuracy, time.GetUtcNow(), result.Perplexity);
            record.State.LastEvaluation = point;
            history.Note(point);
            LogEvaluated(Name, point.Version, point.Accuracy, point.Loss);
            await StoreEvaluation();
            return point;
        }
        finally
        {
            evaluatedAt = time.GetUtcNow();
            evaluation = null;
        }
    }

    /// <summary>A crash does not take the newest evaluation back. If it cannot be stored now, it is stored with the next one, or the next phase.</summary>
    private async Task StoreEvaluation()
    {
        if (storage?.Problem is not null) return;
        try
        {
            await UnlessStorageIsLost("store the evaluation", record.WriteStateAsync());
        }
        catch (Orleans.Storage.InconsistentStateException)
        {
            // Another activation is the job now.
            DeactivateOnIdle();
        }
        catch (Exception failure)
        {
            var reason = FailureReason.From(failure);
            if (evaluations.IsNews(reason, out var times)) LogEvaluationNotStored(Name, times, reason);
        }
    }

    private sealed record Reading(int Leases, int Wanted, EvaluationPoint? Evaluation);
}
