using TorchSharp;
using static TorchSharp.torch;

namespace Basgd.Learning.Training;

/// <summary>A module trained by torch: what classifiers and language models have in common.</summary>
public abstract class TorchWorkload : IWorkload
{
    private protected TorchWorkload(string model, string modelSummary, string dataset, string datasetSummary) =>
        (Model, ModelSummary, Dataset, DatasetSummary) = (model, modelSummary, dataset, datasetSummary);

    public string Model { get; }

    public string ModelSummary { get; }

    public string Dataset { get; }

    public string DatasetSummary { get; }

    public async ValueTask<WorkloadDescription> DescribeAsync(CancellationToken cancellation = default)
    {
        var examples = await CountTrainingAsync(cancellation);
        TorchRuntime.Load();
        using var module = await CreateModuleAsync(cancellation);
        var layout = ModuleParameters.LayoutOf(module);
        return new WorkloadDescription((int)layout.Sum(entry => entry.Count), examples, layout) { Usage = await UsageAsync(cancellation) };
    }

    public virtual string? Fault(LearnerSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        if (settings.Workers < 1) return $"workers = {settings.Workers}: must be >= 1";
        if (settings.BatchSize < 1) return $"batch = {settings.BatchSize}: must be >= 1";
        return settings.DirichletAlpha is { } alpha && !(alpha > 0 && double.IsFinite(alpha)) ? $"dirichletAlpha = {alpha}: must be > 0 and finite, or absent for IID shards" : null;
    }

    public abstract ValueTask CheckDataAsync(CancellationToken cancellation = default);

    public async ValueTask<ILearner> CreateLearnerAsync(LearnerSettings settings, CancellationToken cancellation = default)
    {
        if (Fault(settings) is { } fault) throw new ArgumentException(fault, nameof(settings));
        var device = TorchRuntime.Open(settings.Device);
        var module = await CreateModuleAsync(cancellation);
        module.to(device);
        if (settings.MixedPrecision) MixedPrecision.Apply(module, device);
        return new TorchLearner(module, device, await CreateObjectiveAsync(module, device, settings, cancellation), settings.Seed);
    }

    /// <summary>See <see cref="WorkloadDescription.Usage"/>.</summary>
    private protected abstract ValueTask<IReadOnlyDictionary<string, string>> UsageAsync(CancellationToken cancellation);

    private protected abstract ValueTask<long> CountTrainingAsync(CancellationToken cancellation);

    private protected abstract ValueTask<nn.Module<Tensor, Tensor>> CreateModuleAsync(CancellationToken cancellation);

    private protected abstract ValueTask<IObjective> CreateObjectiveAsync(
        nn.Module<Tensor, Tensor> module, Device device, LearnerSettings settings, CancellationToken cancellation);
}
