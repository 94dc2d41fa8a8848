using Basgd.Learning.Data;
using Basgd.Learning.Models;

namespace Basgd.Learning.Training;

/// <summary>
/// A model trained on a data set by torch. Users bring their own by deriving from it:
/// <code>sealed class Mine() : TorchWorkload(new Model("mine", "…", (shape, classes) => …), new MyData());</code>
/// and registering it with <c>AddWorkload&lt;Mine&gt;()</c>.
/// </summary>
public class TorchWorkload(Model model, Dataset data) : IWorkload
{
    private readonly Lazy<IReadOnlyList<ParameterShape>> _layout = new(() =>
    {
        _ = TorchRuntime.Device;
        using var module = model.Create(data.Shape, data.Classes);
        return ModuleParameters.LayoutOf(module);
    }, LazyThreadSafetyMode.PublicationOnly);

    public string Model => model.Name;

    public string ModelSummary => model.Summary;

    public string Dataset => data.Name;

    public string DatasetSummary => data.Summary;

    public async ValueTask<WorkloadDescription> DescribeAsync(CancellationToken cancellation = default)
    {
        var examples = await data.CountTrainingAsync(cancellation);
        return new WorkloadDescription((int)_layout.Value.Sum(entry => entry.Count), examples, _layout.Value);
    }

    public async ValueTask<ILearner> CreateLearnerAsync(LearnerSettings settings, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(settings);
        Validate(settings);
        var device = TorchRuntime.Device;
        var split = await data.LoadAsync(cancellation);
        return new TorchLearner(model.Create(data.Shape, data.Classes), device, data.Shape, data.Classes, split, settings);
    }

    private static void Validate(LearnerSettings settings)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(settings.Workers, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(settings.BatchSize, 1);
        if (settings.DirichletAlpha is { } alpha && !(alpha > 0 && double.IsFinite(alpha)))
            throw new ArgumentException($"{nameof(settings.DirichletAlpha)} = {alpha} must be above 0 and finite, or absent for IID shards.", nameof(settings));
    }
}
