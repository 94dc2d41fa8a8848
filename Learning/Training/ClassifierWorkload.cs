using System.Text.Json;
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
    private protected override ValueTask<IReadOnlyDictionary<string, string>> UsageAsync(CancellationToken cancellation)
    {
        var usage = new Dictionary<string, string>
        {
            ["input"] = $"float32 images, [N, {data.Shape.Channels}, {data.Shape.Height}, {data.Shape.Width}]",
            ["output"] = $"scores of {data.Classes} classes, [N, {data.Classes}]; the largest is the answer",
        };
        if (data.Scales is { Count: > 0 } scales)
        {
            usage["normalisation"] = "(pixel / 255 - mean) / deviation, by channel, of pixels 0 to 255";
            usage["mean"] = JsonSerializer.Serialize(scales.Select(static scale => scale.Mean));
            usage["deviation"] = JsonSerializer.Serialize(scales.Select(static scale => scale.Deviation));
        }

        if (data.ClassNames is { } names) usage["classes"] = JsonSerializer.Serialize(names);
        return ValueTask.FromResult<IReadOnlyDictionary<string, string>>(usage);
    }

    private protected override ValueTask<long> CountTrainingAsync(CancellationToken cancellation) => data.CountTrainingAsync(cancellation);

    private protected override ValueTask<nn.Module<Tensor, Tensor>> CreateModuleAsync(CancellationToken cancellation) =>
        ValueTask.FromResult(model.Create(data.Shape, data.Classes));

    private protected override async ValueTask<IObjective> CreateObjectiveAsync(
        nn.Module<Tensor, Tensor> module, Device device, LearnerSettings settings, CancellationToken cancellation) =>
        new Classification(module, device, data, await data.LoadAsync(cancellation), settings);
}
