using System.Runtime.InteropServices;
using Basgd.Learning.Data;
using static TorchSharp.torch;

namespace Basgd.Learning.Training;

/// <summary>Learns the labels of images by cross-entropy.</summary>
internal sealed class Classification : IObjective
{
    private const int EvaluationBatch = 250;

    private readonly nn.Module<Tensor, Tensor> _module;
    private readonly Device _device;
    private readonly Dataset _data;
    private readonly Split _split;
    private readonly LearnerSettings _settings;
    private readonly BatchStatistics _statistics;
    private readonly Batches _batches;
    private readonly int[] _indices;

    /// <param name="module">Maps a batch (examples, channels, height, width) to logits (examples, classes).</param>
    public Classification(nn.Module<Tensor, Tensor> module, Device device, Dataset data, Split split, LearnerSettings settings)
    {
        (_module, _device, _data, _split, _settings) = (module, device, data, split, settings);
        _statistics = new BatchStatistics(module, split.Training.Labels.Length, settings.Seed);
        _batches = new Batches(settings.Seed, Shards.Of(split.Training.Labels, settings));
        _indices = new int[settings.BatchSize];
    }

    public int Workers => _batches.Workers;

    public Tensor Loss(int worker, long sequence)
    {
        _batches.Fill(worker, sequence, _indices);
        var random = new Random(Seeds.Derive(_settings.Seed, Streams.Augmentation, worker, sequence));
        var (inputs, labels) = Batch(_split.Training, _indices, images => _data.Augmentation?.Apply(_data.Shape, images, random));
        if (_settings.FlipsLabels(worker)) labels = _data.Classes - 1 - labels;
        return nn.functional.cross_entropy(_module.call(inputs), labels);
    }

    public Evaluation Evaluate()
    {
        _statistics.Recompute(indices => _module.call(Batch(_split.Training, indices).Inputs));
        _module.eval();
        var count = _split.Test.Labels.Length;
        var (loss, right) = (0.0, 0L);
        for (var start = 0; start < count; start += EvaluationBatch)
        {
            using var scope = NewDisposeScope();
            var indices = Enumerable.Range(start, Math.Min(EvaluationBatch, count - start)).ToArray();
            var (inputs, labels) = Batch(_split.Test, indices);
            var logits = _module.call(inputs);
            loss += nn.functional.cross_entropy(logits, labels).item<float>() * (double)indices.Length;
            right += logits.argmax(1).eq(labels).sum().item<long>();
        }
        return new Evaluation(loss / count, (double)right / count, count);
    }

    private (Tensor Inputs, Tensor Labels) Batch(IExamples examples, ReadOnlySpan<int> indices, Augment? augment = null)
    {
        var inputs = empty(indices.Length, _data.Shape.Channels, _data.Shape.Height, _data.Shape.Width, ScalarType.Float32, CPU);
        var images = MemoryMarshal.Cast<byte, float>(inputs.bytes);
        examples.Write(indices, images);
        augment?.Invoke(images);
        var labels = empty(indices.Length, ScalarType.Int64, CPU);
        var targets = MemoryMarshal.Cast<byte, long>(labels.bytes);
        for (var i = 0; i < indices.Length; i++) targets[i] = examples.Labels[indices[i]];
        return (inputs.to(_device), labels.to(_device));
    }

    private delegate void Augment(Span<float> images);
}
