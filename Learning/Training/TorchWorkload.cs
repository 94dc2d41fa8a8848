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
        _ = TorchRuntime.Device;
        using var module = await CreateModuleAsync(cancellation);
        var layout = ModuleParameters.LayoutOf(module);
        return new WorkloadDescription((int)layout.Sum(entry => entry.Count), examples, layout);
    }

    public async ValueTask<ILearner> CreateLearnerAsync(LearnerSettings settings, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(settings);
        Validate(settings);
        var device = TorchRuntime.Device;
        var module = await CreateModuleAsync(cancellation);
        module.to(device);
        return new TorchLearner(module, device, await CreateObjectiveAsync(module, device, settings, cancellation), settings.Seed);
    }

    private protected abstract ValueTask<long> CountTrainingAsync(CancellationToken cancellation);

    private protected abstract ValueTask<nn.Module<Tensor, Tensor>> CreateModuleAsync(CancellationToken cancellation);

    private protected abstract ValueTask<IObjective> CreateObjectiveAsync(
        nn.Module<Tensor, Tensor> module, Device device, LearnerSettings settings, CancellationToken cancellation);

    private static void Validate(LearnerSettings settings)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(settings.Workers, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(settings.BatchSize, 1);
        if (settings.DirichletAlpha is { } alpha && !(alpha > 0 && double.IsFinite(alpha)))
            throw new ArgumentException($"{nameof(settings.DirichletAlpha)} = {alpha} must be above 0 and finite, or absent for IID shards.", nameof(settings));
    }
}
