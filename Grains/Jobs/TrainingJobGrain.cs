using System.Runtime.InteropServices;
using System.Text.Json;
using Basgd.Contracts;
using Basgd.Protocol;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Basgd.Grains;

/// <summary>
/// Keeps a job going: phase, leases, evaluations. It looks at the model a few times a second and never stands in a gradient's way.
/// The leases live in memory only: after a restart holders bring them back by renewing.
/// </summary>
[KeepAlive]
public sealed partial class TrainingJobGrain(
    [PersistentState("job", StorageNames.Grains)] IPersistentState<JobRecord> record,
    IOptions<JobOptions> options,
    VectorFetcher fetcher,
    TimeProvider time,
    ILogger<TrainingJobGrain> logger) : Grain, ITrainingJobGrain, ILeaseGrain
{
    private static readonly TimeSpan ExportPatience = TimeSpan.FromSeconds(60);

    private readonly RateMeter rate = new(TimeSpan.FromSeconds(5));
    private LeaseTable leases = new(0, TimeSpan.Zero, time);
    private ModelStatus? model;
    private Task<EvaluationPoint>? evaluation;
    private DateTimeOffset evaluatedAt;
    private ModelSnapshot? exported;
    private DateTimeOffset exportedAt;

    private string Name => this.GetPrimaryKeyString();

    private IModelGrain Model => GrainFactory.GetGrain<IModelGrain>(Name);

    private IWorkloadGrain Workload
    {
        get
        {
            try
            {
                return GrainFactory.GetGrain<IWorkloadGrain>(Name);
            }
            catch (ArgumentException unknown)
            {
                throw new JobRefusedException($"name = {Name}: no silo of the cluster computes yet; start one with the role worker or all ({unknown.Message})");
            }
        }
    }

    private JobSpec Spec => record.State.Spec ?? throw new JobRefusedException($"name = {Name}: there is no such job");

    private Horizon Horizon => new(Spec, record.State.Workload!.TrainingExamples);

    private JobPhase Phase => record.State.Phase;

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        evaluatedAt = time.GetUtcNow();
        Prepare();
        this.RegisterGrainTimer(Look, new GrainTimerCreationOptions(options.Value.LookEvery, options.Value.LookEvery));
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task Submit(JobSpec spec)
    {
        if (JobSpecValidator.Validate(spec) is { Count: > 0 } problems) throw new JobRefusedException(string.Join(Environment.NewLine, problems));
        if (spec.EffectiveName != Name) throw new JobRefusedException($"name = {spec.EffectiveName}: must be the name it is submitted under, {Name}");
        if (record.State.Spec is { } existing)
        {
            if (JsonSerializer.Serialize(existing) == JsonSerializer.Serialize(spec)) return;
            throw new JobRefusedException($"name = {Name}: taken by a job with another spec; choose another name, or another state directory");
        }

        var workload = await Workload.Describe(spec);
        record.State.Spec = spec;
        record.State.Workload = workload;
        await SetPhase(JobPhase.Running);
        Prepare();
        await Look(CancellationToken.None);
    }

    /// <inheritdoc/>
    public async Task<JobStatus> GetStatus()
    {
        var spec = Spec;
        var current = await Model.GetStatus();
        var reports = await Task.WhenAll(Enumerable.Range(0, spec.Buffers).Select(b => GrainFactory.GetGrain<IBufferGrain>(b, Name).GetReport()));
        return new JobStatus
        {
            Name = Name,
            Spec = spec,
            Phase = Phase,
            Message = record.State.Message ?? current.Message,
            Version = current.Durable,
            Epoch = Horizon.EpochAt(current.GradientsApplied),
            Progress = Horizon.ProgressAt(current.Version.Step, current.GradientsApplied),
            LearningRate = Horizon.LearningRateAt(current.GradientsApplied),
            GradientsApplied = current.GradientsApplied,
            GradientsPerSecond = rate.PerSecond,
            TrainingLoss = current.TrainingLoss,
            LastEvaluation = record.State.LastEvaluation,
            Buffers = [.. reports.Take(current.Routing.BufferOf.Count == 0 ? spec.Buffers : current.Routing.Buffers).Select((report, b) => new BufferStatus(b, report.Filled, report.SealedRound is not null))],
            Leases = leases.Status(),
            Refused = reports.SelectMany(report => report.Refused).GroupBy(r => r.Key).ToDictionary(g => g.Key, g => g.Sum(r => r.Value)),
            Dimension = current.Dimension,
            Checkpoint = current.Checkpoint,
            Reassignments = current.Routing.MappingEpoch,
        };
    }

    /// <inheritdoc/>
    public Task Pause() => End(JobPhase.Paused);

    /// <inheritdoc/>
    public Task Stop() => End(JobPhase.Stopped);

    /// <inheritdoc/>
    public async Task Resume()
    {
        _ = Spec;
        if (Phase == JobPhase.Running) return;
        if (Phase != JobPhase.Paused) throw new JobRefusedException($"name = {Name}: the job is {Phase.ToString().ToLowerInvariant()}; only a paused one can be resumed");
        await SetPhase(JobPhase.Running);
        await Look(CancellationToken.None);
    }

    /// <inheritdoc/>
    public Task<EvaluationPoint> Evaluate() => evaluation ??= RunEvaluation();

    /// <inheritdoc/>
    public Task<IReadOnlyList<TensorShape>> GetLayout()
    {
        _ = Spec;
        return Task.FromResult(record.State.Workload!.Layout);
    }

    /// <inheritdoc/>
    public async Task<ParameterChunk> ReadParameters(ModelVersion? version, long offset, int length)
    {
        _ = Spec;
        if (version is null) await Export();
        if (exported is null || (version is not null && exported.Version != version)) throw new JobRefusedException($"version = {version}: gone; read from the start again");

        exportedAt = time.GetUtcNow();
        var bytes = (long)exported.Parameters.Length * sizeof(float);
        if (offset < 0 || offset > bytes) throw new JobRefusedException($"offset = {offset}: must be 0 … {bytes}");
        if (length is < 0 or > ParameterChunk.MaxLength) throw new JobRefusedException($"length = {length}: must be 0 … {ParameterChunk.MaxLength}");
        var chunk = MemoryMarshal.AsBytes(exported.Parameters.Span).Slice((int)offset, (int)Math.Min(length, bytes - offset)).ToArray();
        return new ParameterChunk(exported.Version, bytes, chunk);
    }

    /// <inheritdoc/>
    public async Task<LedgerChunk> ReadLedger(long afterStep)
    {
        if (!Spec.Ledger) throw new JobRefusedException($"ledger = false: {Name} keeps no ledger; submit a job with ledger: true");
        var (version, gradients, tail) = await Model.GetLedger() ?? throw new JobRefusedException($"name = {Name}: the job has no model yet");
        if (afterStep < 0 || afterStep > version.Step) throw new JobRefusedException($"afterStep = {afterStep}: must be 0 … {version.Step}");
        var (first, entries) = (tail.First, tail.Entries);
        if (afterStep < tail.First)
        {
            var number = afterStep / LedgerSegment.Steps;
            var segment = await GrainFactory.GetGrain<ILedgerGrain>(number, Name).Get() ?? throw new InvalidDataException($"{Name}: segment {number} of its ledger is lost");
            (first, entries) = (number * LedgerSegment.Steps, segment.Entries);
        }

        return new LedgerChunk(version, gradients, [.. entries.Skip((int)(afterStep - first)).Take(LedgerSegment.Steps)]);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<BufferHoldings>> GetHoldings() =>
        await Task.WhenAll(Enumerable.Range(0, Spec.Buffers).Select(b => GrainFactory.GetGrain<IBufferGrain>(b, Name).GetHoldings()));

    /// <inheritdoc/>
    public Task<LedgerReplay> Replay() => Workload.Replay(Spec);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Lease>> Acquire(string silo, int wanted)
    {
        if (Phase != JobPhase.Running || record.State.Spec is null || model is not { IsOpen: true }) return [];
        var applied = await Model.GetLastApplied();
        return [.. leases.Acquire(silo, wanted).Select(lease => new Lease(Spec, lease.Worker, lease.Id, leases.Duration, applied[lease.Worker] + 1))];
    }

    /// <inheritdoc/>
    public Task<bool> Renew(string silo, int worker, Guid id) => Task.FromResult(Phase == JobPhase.Running && leases.Renew(silo, worker, id));

    /// <inheritdoc/>
    public Task Release(int worker, Guid id)
    {
        leases.Release(worker, id);
        return Task.CompletedTask;
    }

    private async Task Export()
    {
        var answer = await Model.GetSnapshot(default) ?? throw new JobRefusedException($"name = {Name}: the job has no model yet");
        var parameters = await fetcher.Open(answer.Parameters) ?? throw new TimeoutException($"model {answer.Version} could not be fetched in time");
        exported?.Parameters.Return();
        exported = new ModelSnapshot(answer.Version, parameters, answer.Routing);
    }

    /// <summary>What nobody goes on reading need not be kept.</summary>
    private void EndExport()
    {
        if (exported is null || time.GetUtcNow() - exportedAt < ExportPatience) return;
        exported.Parameters.Return();
        exported = null;
    }

    private void Prepare() => leases = new LeaseTable(record.State.Spec?.Workers ?? 0, options.Value.LeaseDuration, time);

    /// <summary>A few times a second: opens a model that is not, notes how it goes, evaluates when it is time, notices the end.</summary>
    private async Task Look(CancellationToken cancellationToken)
    {
        EndExport();
        if (record.State.Spec is not { } spec || Phase != JobPhase.Running) return;
        try
        {
            model = await Model.GetStatus();
            if (!model.IsOpen && !model.Completed) model = await Model.Open(spec);
            rate.Read(time.GetUtcNow(), model.GradientsApplied);
            if (Phase != JobPhase.Running) return;
            if (model.Diverged) await SetPhase(JobPhase.Failed, model.Message);
            else if (model.Completed) await Complete();
            else if (spec.EvaluateEverySeconds > 0 && time.GetUtcNow() - evaluatedAt > TimeSpan.FromSeconds(spec.EvaluateEverySeconds)) _ = EvaluateQuietly();
        }
        catch (Exception failure) when (failure is not Orleans.Storage.InconsistentStateException)
        {
            LogLookFailed(failure, Name);
        }
    }

    private async Task Complete()
    {
        await EvaluateQuietly();
        if (Phase == JobPhase.Running) await SetPhase(JobPhase.Completed);
    }

    private async Task End(JobPhase phase)
    {
        _ = Spec;
        if (Phase is not (JobPhase.Running or JobPhase.Paused) || Phase == phase) return;
        if (Phase == JobPhase.Running) model = await Model.Close();
        if (model is { Completed: true }) return;
        leases.Clear();
        rate.Reset();
        await SetPhase(phase);
    }

    private async Task SetPhase(JobPhase phase, string? message = null)
    {
        record.State.Phase = phase;
        record.State.Message = message;
        await record.WriteStateAsync();
        await GrainFactory.GetGrain<IJobDirectoryGrain>(0).Put(new JobEntry(Name, phase));
        LogPhase(Name, phase);
    }

    private async Task EvaluateQuietly()
    {
        try
        {
            await Evaluate();
        }
        catch (Exception failure)
        {
            LogEvaluationFailed(failure, Name);
        }
    }

    private async Task<EvaluationPoint> RunEvaluation()
    {
        // Whoever asks while this runs shares its answer.
        await Task.Yield();
        try
        {
            var current = await Model.GetStatus();
            var result = await Workload.Evaluate(Spec, current.Version);
            var point = new EvaluationPoint(result.Version, Horizon.EpochAt(current.GradientsApplied), result.Loss, result.Accuracy, time.GetUtcNow());
            record.State.LastEvaluation = point;
            LogEvaluated(Name, point.Version, point.Accuracy, point.Loss);
            return point;
        }
        finally
        {
            evaluatedAt = time.GetUtcNow();
            evaluation = null;
        }
    }
}
