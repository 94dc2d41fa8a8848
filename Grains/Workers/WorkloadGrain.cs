using Basgd.Aggregation.Memory;
using Basgd.Contracts;
using Basgd.Learning;
using Basgd.Protocol;
using Orleans.Concurrency;

namespace Basgd.Grains;

/// <summary>What of a job's learning problem is not a gradient, on a silo that can load it.</summary>
[StatelessWorker, Reentrant]
public sealed class WorkloadGrain(WorkloadRegistry registry, LearnerPool pool, VectorOffers offers, VectorFetcher fetcher) : Grain, IWorkloadGrain
{
    /// <inheritdoc/>
    public async Task<WorkloadInfo> Describe(JobSpec spec)
    {
        try
        {
            var (workload, settings) = (registry.Find(spec), spec.ToLearnerSettings());
            if (workload.Fault(settings) is { } fault) throw new JobRefusedException(fault);
            await workload.CheckDataAsync();
            var description = await workload.DescribeAsync();
            if (description.TrainingExamples < spec.Workers) throw new JobRefusedException($"workers = {spec.Workers}: must be <= {description.TrainingExamples}, the training examples of {spec.Dataset}, for each worker needs one");
            if (description.TrainingExamples < spec.Batch)
                throw new JobRefusedException($"batch = {spec.Batch}: must be <= {description.TrainingExamples}, the training examples of {spec.Dataset}");
            return new WorkloadInfo(
                description.Dimension,
                description.TrainingExamples,
                [.. description.Layout.Select(tensor => new TensorShape(tensor.Name, tensor.Shape))]) { Usage = description.Usage };
        }
        catch (ArgumentException wrong)
        {
            throw new JobRefusedException(wrong.Message);
        }
        catch (WorkloadUnavailableException unavailable)
        {
            // Another silo may have the data.
            throw new WorkloadFailedException(unavailable.Message, unavailable.IsLasting);
        }
    }

    /// <inheritdoc/>
    public async Task<VectorParcel> Initialise(JobSpec spec)
    {
        using var lane = await pool.EnterOrTell(spec, "workload");
        var initial = await lane.Run(learner =>
        {
            var parameters = ParameterVector.Rent(learner.Dimension);
            learner.Initialise(parameters.Span);
            return parameters;
        });
        var answer = offers.Answer(initial);
        initial.Return();
        return answer;
    }

    /// <inheritdoc/>
    public async Task<WorkloadEvaluation> Evaluate(JobSpec spec, ModelVersion atLeast)
    {
        var cache = GrainFactory.GetGrain<IModelCacheGrain>(spec.EffectiveName);
        using var lane = await pool.EnterOrTell(spec, "workload");
        var model = await cache.Get(atLeast, 0) ?? throw new JobRefusedException($"name = {spec.EffectiveName}: the job has no model yet");
        var evaluation = await lane.Run(learner => learner.Evaluate(model.Parameters.Span));
        model.Parameters.Return();
        return new WorkloadEvaluation(model.Version, evaluation.Loss, evaluation.Accuracy, evaluation.Perplexity);
    }

    /// <inheritdoc/>
    public async Task<LedgerReplay> Replay(JobSpec spec)
    {
        var name = spec.EffectiveName;
        var job = GrainFactory.GetGrain<ITrainingJobGrain>(name);
        var model = await GrainFactory.GetGrain<IModelGrain>(name).GetSnapshot(default) ?? throw new JobRefusedException($"name = {name}: the job has no model yet");
        var parameters = await fetcher.Open(model.Parameters) ?? throw new TimeoutException($"model {model.Version} could not be fetched in time");
        var examples = (await Describe(spec)).TrainingExamples;
        using var lane = await pool.EnterOrTell(spec, "workload");
        var replayer = await lane.Run(learner => new LedgerReplayer(spec, examples, learner));
        while (replayer.Steps < model.Version.Step)
        {
            var chunk = await job.ReadLedger(replayer.Steps);
            if (chunk.Entries.Count == 0) throw new JobRefusedException($"name = {name}: step {model.Version} is not durable yet; pause the job first");
            foreach (var entry in chunk.Entries.TakeWhile(entry => entry.Version.Step <= model.Version.Step))
            {
                if (await lane.Run(_ => replayer.Make(entry)) is { } obstacle) return new LedgerReplay(model.Version, replayer.Gradients, null, obstacle);
            }
        }

        return new LedgerReplay(model.Version, replayer.Gradients, replayer.DifferenceTo(parameters.Span), null);
    }
}

/// <summary>Lists what the silos can train: this one with summaries, and what only others know.</summary>
[StatelessWorker]
public sealed class WorkloadCatalogGrain(WorkloadRegistry registry, WorkloadCaller silos) : Grain, IWorkloadCatalogGrain
{
    /// <inheritdoc/>
    public Task<IReadOnlyList<CatalogEntry>> Models() => List(registry.Models, static workload => workload.Model);

    /// <inheritdoc/>
    public Task<IReadOnlyList<CatalogEntry>> Datasets() => List(registry.Datasets, static workload => workload.Dataset);

    private async Task<IReadOnlyList<CatalogEntry>> List(IReadOnlyList<CatalogEntry> here, Func<WorkloadName, string> name)
    {
        var all = (await silos.ReadSilos()).Reports.SelectMany(static report => report.Workloads).Select(name);
        var others = all.Except(here.Select(static entry => entry.Name), StringComparer.OrdinalIgnoreCase).Order(StringComparer.Ordinal);
        return [.. here, .. others.Select(static name => new CatalogEntry(name, "on other silos of the cluster"))];
    }
}
