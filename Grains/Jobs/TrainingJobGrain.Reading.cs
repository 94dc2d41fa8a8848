using System.Runtime.InteropServices;
using Basgd.Contracts;
using Orleans.Core.Internal;

namespace Basgd.Grains;

/// <summary>What can be read of a job. Changes nothing.</summary>
public sealed partial class TrainingJobGrain
{
    private static readonly TimeSpan ExportPatience = TimeSpan.FromSeconds(60);
    private const int MostHistory = 10_000;

    private ModelSnapshot? exported;
    private DateTimeOffset exportedAt;
    private bool wasReadAnew;

    /// <inheritdoc/>
    public async Task<JobStatus> GetStatus()
    {
        var spec = Spec;
        var current = await ModelAsKnown();
        var reports = await Task.WhenAll(Enumerable.Range(0, spec.Buffers).Select(ReportAsKnown));
        return new JobStatus
        {
            Name = Name,
            Spec = spec,
            Phase = Phase,
            Message = Message(current),
            Version = current.Durable,
            Epoch = Horizon.EpochAt(current.GradientsApplied),
            Progress = Horizon.ProgressAt(current.Version.Step, current.GradientsApplied),
            LearningRate = Horizon.LearningRateAt(current.GradientsApplied),
            GradientsApplied = current.GradientsApplied,
            GradientsPerSecond = rate.PerSecond,
            TrainingLoss = current.TrainingLoss,
            LastEvaluation = record.State.LastEvaluation,
            Buffers = [.. reports.Take(current.Routing.BufferOf.Count == 0 ? spec.Buffers : current.Routing.Buffers).Select((report, b) => new BufferStatus(b, report.Filled, report.SealedRound is not null, current.Measured?.Buffers.ElementAtOrDefault(b)?.Distance) { Silo = report.Silo })],
            Leases = leases.Status(),
            Refused = reports.SelectMany(report => report.Refused).GroupBy(r => r.Key).ToDictionary(g => g.Key, g => g.Sum(r => r.Value)),
            Dimension = current.Dimension,
            Checkpoint = current.Checkpoint,
            Reassignments = current.Routing.Reassignments,
            ModelSilo = current.Silo,
            Suspicion = current.Suspicion ?? [],
            Quarantined = current.Quarantined ?? [],
            Warnings = JobSpecAdvice.For(spec, Slots),
            Obstacles = known.ObstaclesTo(spec),
        };
    }

    /// <summary>A buffer that cannot be read from storage holds nothing as far as is known.</summary>
    private async Task<BufferReport> ReportAsKnown(int buffer)
    {
        var nothing = new BufferReport(0, 0, null, [], [], new Dictionary<Refusal, long>(), default);
        if (unreadable is not null) return nothing;
        try
        {
            return await GrainFactory.GetGrain<IBufferGrain>(buffer, Name).GetReport();
        }
        catch (StorageFailedException)
        {
            return nothing;
        }
    }

    /// <inheritdoc/>
    public Task<JobHistory> GetHistory(int most)
    {
        _ = Spec;
        return most is < 2 or > MostHistory ? throw new JobRefusedException($"most = {most}: must be 2 … {MostHistory}") : Task.FromResult(history.Read(most));
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<WorkerStatus>> GetWorkers()
    {
        var spec = Spec;
        var tallies = new WorkerTally[spec.Workers];
        foreach (var counted in await Task.WhenAll(Enumerable.Range(0, spec.Buffers).Select(b => GrainFactory.GetGrain<IBufferGrain>(b, Name).GetTallies())))
            foreach (var (worker, tally) in counted)
                tallies[worker] += tally;
        var current = await (await CurrentModel()).GetStatus();
        var routing = current.Routing.BufferOf;
        var held = leases.Status().ToDictionary(static lease => lease.Worker);
        return [.. Enumerable.Range(0, spec.Workers).Select(worker => new WorkerStatus(
            worker,
            worker < routing.Count ? routing[worker] : worker % spec.Buffers,
            held.GetValueOrDefault(worker)?.Silo,
            held.GetValueOrDefault(worker)?.Expires,
            tallies[worker]) { Suspicion = current.Suspicion?[worker], IsQuarantined = current.Quarantined?.Contains(worker) == true })];
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<TensorShape>> GetLayout()
    {
        _ = Spec;
        return Task.FromResult(record.State.Workload!.Layout);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<string, string>> GetUsage()
    {
        var spec = Spec;
        var usage = new Dictionary<string, string> { ["model"] = spec.Model, ["dataset"] = spec.Dataset };
        foreach (var (name, text) in record.State.Workload!.Usage ?? new Dictionary<string, string>()) usage[name] = text;
        return Task.FromResult<IReadOnlyDictionary<string, string>>(usage);
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
        var (version, gradients, tail) = await (await CurrentModel()).GetLedger() ?? throw new JobRefusedException($"name = {Name}: the job has no model yet");
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
    public Task<IReadOnlyList<RoundReport>> GetRounds(ModelVersion after)
    {
        _ = Spec;
        return Model.GetRounds(after);
    }

    /// <inheritdoc/>
    public Task<LedgerReplay> Replay() => AskWorkload(grain => grain.Replay(Spec));

    /// <summary>
    /// The model. That of a completed job has come to the end: one that has not was left behind where, after a silo died, two
    /// activations were alive for a while and the other one went on. It ends now, and what is stored answers the next call. Once only:
    /// storage itself may have lost the end.
    /// </summary>
    private async Task<IModelGrain> CurrentModel()
    {
        if (Phase != JobPhase.Completed || wasReadAnew) return Model;
        var known = await Model.GetStatus();
        if (Horizon.IsReached(known.Version.Step, known.GradientsApplied)) return Model;
        wasReadAnew = true;
        LogLeftBehind(Name, known.Version);
        await Model.AsReference<IGrainManagementExtension>().DeactivateOnIdle();
        return Model;
    }

    private async Task Export()
    {
        var answer = await (await CurrentModel()).GetSnapshot(default) ?? throw new JobRefusedException($"name = {Name}: the job has no model yet");
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
}
