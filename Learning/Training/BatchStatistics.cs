using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Basgd.Learning.Training;

/// <summary>
/// The means and variances that batch normalisation needs to judge a model. No worker's running statistics belong to the parameters
/// that the server averages, so they are computed anew for the parameters at hand: the mean over batches of a fixed sample of the
/// training data, a function of the seed.
/// </summary>
internal sealed class BatchStatistics
{
    private const int Batch = 250;
    private const int MostExamples = 2000;

    private readonly nn.Module _module;
    private readonly NormBase[] _layers;
    private readonly int[][] _batches;

    public BatchStatistics(nn.Module module, int examples, ulong seed)
    {
        _module = module;
        _layers = [.. module.modules().OfType<NormBase>().Where(layer => layer.track_running_stats)];
        if (_layers.Length == 0)
        {
            _batches = [];
            return;
        }
        var order = Enumerable.Range(0, examples).ToArray();
        new Random(Seeds.Derive(seed, Streams.Statistics)).Shuffle(order);
        _batches = [.. order.Take(MostExamples).Chunk(Batch)];
    }

    /// <summary>Runs the sample through the model, if it has layers that care.</summary>
    public void Recompute(Func<int[], Tensor> forward)
    {
        _module.train();
        for (var i = 0; i < _batches.Length; i++)
        {
            using var scope = NewDisposeScope();
            // Weighing the i-th batch with 1/(i+1) makes the running mean the mean.
            foreach (var layer in _layers) layer.momentum = 1.0 / (i + 1);
            forward(_batches[i]);
        }
    }
}
