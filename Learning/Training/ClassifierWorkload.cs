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
    public override async ValueTask CheckDataAsync(CancellationToken cancellation = default)
    {
        var announced = await data.CountTrainingAsync(cancellation);
        var found = (await LoadAsync(cancellation)).Training.Labels.Length;
        if (found != announced) throw Broken($"announces {announced} training examples and has {found}.");
    }

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
        new Classification(module, device, data, await LoadAsync(cancellation), settings);

    /// <summary>The data, if a classifier can learn them and be judged on them.</summary>
    private async Task<Split> LoadAsync(CancellationToken cancellation)
    {
        var split = await data.LoadAsync(cancellation);
        Check("training", split.Training.Labels);
        Check("test", split.Test.Labels);
        return split;
    }

    private void Check(string part, ReadOnlySpan<byte> labels)
    {
        if (labels.Length == 0) throw Broken($"has no {part} examples.");
        if (data.Classes <= byte.MaxValue && labels.IndexOfAnyExceptInRange((byte)0, (byte)(data.Classes - 1)) is var wrong and >= 0)
            throw Broken($"has label {labels[wrong]} at {part} example {wrong}, not one of 0 to {data.Classes - 1}.");
    }

    private WorkloadUnavailableException Broken(string how) => new($"{data.Name} {how}") { IsLasting = true };
}
