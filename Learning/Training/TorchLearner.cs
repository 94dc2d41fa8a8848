using System.Runtime.InteropServices;
using Basgd.Learning.Data;
using Basgd.Learning.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Basgd.Learning.Training;

/// <summary>One replica of a classifier, trained on cross-entropy.</summary>
internal sealed class TorchLearner : ILearner
{
    private const int EvaluationBatch = 250;

    private readonly nn.Module<Tensor, Tensor> _module;
    private readonly Device _device;
    private readonly ExampleShape _shape;
    private readonly int _classes;
    private readonly Split _split;
    private readonly LearnerSettings _settings;
    private readonly IReadOnlyList<ParameterShape> _layout;
    private readonly ModuleParameters _parameters;
    private readonly BatchStatistics _statistics;
    private readonly Batches _batches;
    private readonly int[] _indices;

    public TorchLearner(nn.Module<Tensor, Tensor> module, Device device, ExampleShape shape, int classes, Split split, LearnerSettings settings)
    {
        (_device, _shape, _classes, _split, _settings) = (device, shape, classes, split, settings);
        _module = module;
        _module.to(device);
        _layout = ModuleParameters.LayoutOf(_module);
        _parameters = new ModuleParameters(_module, device);
        _statistics = new BatchStatistics(_module, split.Training.Labels.Length, settings.Seed);
        _batches = new Batches(settings.Seed, Shards.Of(split.Training.Labels, settings));
        _indices = new int[settings.BatchSize];
    }

    public int Dimension => _parameters.Dimension;

    public void Initialise(Span<float> parameters)
    {
        if (parameters.Length != Dimension) throw new ArgumentException($"There is room for {parameters.Length} parameters, the model has {Dimension}.", nameof(parameters));
        Initialisation.Fill(_layout, _settings.Seed, parameters);
    }

    public double Gradient(ReadOnlySpan<float> parameters, int worker, long sequence, Span<float> gradient)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(worker);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(worker, _batches.Workers);
        ArgumentOutOfRangeException.ThrowIfNegative(sequence);
        using var scope = NewDisposeScope();
        _parameters.Load(parameters);
        _module.train();
        _batches.Fill(worker, sequence, _indices);
        var (inputs, labels) = Batch(_split.Training, _indices);
        if (_settings.FlipsLabels(worker)) labels = _classes - 1 - labels;
        var loss = nn.functional.cross_entropy(_module.forward(inputs), labels);
        _parameters.Gradient(loss, gradient);
        return loss.item<float>();
    }

    public Evaluation Evaluate(ReadOnlySpan<float> parameters)
    {
        using var frozen = no_grad();
        _parameters.Load(parameters);
        _statistics.Recompute(indices => _module.forward(Batch(_split.Training, indices).Inputs));
        _module.eval();
        var count = _split.Test.Labels.Length;
        var (loss, right) = (0.0, 0L);
        for (var start = 0; start < count; start += EvaluationBatch)
        {
            using var scope = NewDisposeScope();
            var indices = Enumerable.Range(start, Math.Min(EvaluationBatch, count - start)).ToArray();
            var (inputs, labels) = Batch(_split.Test, indices);
            var logits = _module.forward(inputs);
            loss += nn.functional.cross_entropy(logits, labels).item<float>() * (double)indices.Length;
            right += logits.argmax(1).eq(labels).sum().item<long>();
        }
        return new Evaluation(loss / count, (double)right / count, count);
    }

    public void Dispose()
    {
        _parameters.Dispose();
        _module.Dispose();
    }

    private (Tensor Inputs, Tensor Labels) Batch(IExamples examples, ReadOnlySpan<int> indices)
    {
        var inputs = empty(indices.Length, _shape.Channels, _shape.Height, _shape.Width, ScalarType.Float32, CPU);
        examples.Write(indices, MemoryMarshal.Cast<byte, float>(inputs.bytes));
        var labels = empty(indices.Length, ScalarType.Int64, CPU);
        var targets = MemoryMarshal.Cast<byte, long>(labels.bytes);
        for (var i = 0; i < indices.Length; i++) targets[i] = examples.Labels[indices[i]];
        return (inputs.to(_device), labels.to(_device));
    }
}
