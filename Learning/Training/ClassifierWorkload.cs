using Basgd.Learning.Data;
using Basgd.Learning.Models;
using static TorchSharp.torch;

namespace Basgd.Learning.Training;

/// <summary>
/// A classifier trained on a set of labelled images. Users bring their own by deriving from it:
/// <code>sealed class Mine() : ClassifierWorkload(new Model("mine", "…", (shape, classes) => …), new MyData());</code>
/// and registering it with <c>AddWorkload&lt;Mine&gt;()</c>.
/// </summary>
public class ClassifierWorkload(Model model, Dataset data) : TorchWorkload(model.Name, model.Summary, data.Name, data.Summary)
{
    private protected override ValueTask<long> CountTrainingAsync(CancellationToken cancellation) => data.CountTrainingAsync(cancellation);

    private protected override ValueTask<nn.Module<Tensor, Tensor>> CreateModuleAsync(CancellationToken cancellation) =>
        ValueTask.FromResult(model.Create(data.Shape, data.Classes));

    private protected override async ValueTask<IObjective> CreateObjectiveAsync(
        nn.Module<Tensor, Tensor> module, Device device, LearnerSettings settings, CancellationToken cancellation) =>
        new Classification(module, device, data, await data.LoadAsync(cancellation), settings);
}
