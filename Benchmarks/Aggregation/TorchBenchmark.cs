using Basgd.Aggregation;
using Basgd.Aggregation.Memory;
using BenchmarkDotNet.Attributes;
using static TorchSharp.torch;

namespace Basgd.Benchmarks.Aggregation;

/// <summary>The same work by libtorch, side by side: its own operations, and what a careful user would build from them.</summary>
public class TorchBenchmark
{
    private ReadOnlyMemory<float>[] rows = [];
    private ParameterVector? result;
    private Tensor? matrix;
    private Tensor[] tensors = [];
    private IRule<float>? median;
    private IRule<float>? trimmedMean;
    private IRule<float>? meamed;
    private IRule<float>? multiKrum;
    private IRule<float>? mixed;

    [Params(5, 10, 15, 30)]
    public int Rows { get; set; }

    [Params(1, 2)]
    public int Threads { get; set; }

    private int F => Rows / 5;

    [GlobalSetup]
    public void Setup()
    {
        set_num_threads(Threads);
        rows = SharedRows.Of(Rows, RuleCase.InCache);
        result = ParameterVector.Zeros(RuleCase.InCache);
        tensors = [.. rows.Select(row => tensor(row.ToArray()))];
        matrix = stack(tensors);
        median = Rules.Create<float>("median", F, Threads);
        trimmedMean = Rules.Create<float>("trimmed-mean", F, Threads);
        meamed = Rules.Create<float>("meamed", F, Threads);
        multiKrum = Rules.Create<float>("multi-krum(neighbours=-1)", F, Threads);
        mixed = Rules.Create<float>("nnm|trimmed-mean", F, Threads);
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        result!.Return();
        matrix!.Dispose();
        foreach (var tensor in tensors) tensor.Dispose();
    }

    [Benchmark]
    public void Median() => median!.Aggregate(rows, result!.Span);

    [Benchmark]
    public void TorchMedian() => Scoped(() => Middle(matrix!));

    [Benchmark]
    public void TorchMedianNetwork() => Scoped(() => TorchNetwork.Middle(tensors));

    [Benchmark]
    public void TrimmedMean() => trimmedMean!.Aggregate(rows, result!.Span);

    [Benchmark]
    public void TorchTrimmedMean() => Scoped(() => matrix!.sort(0).Values.narrow(0, F, Rows - (2 * F)).mean([0]));

    [Benchmark]
    public void Meamed() => meamed!.Aggregate(rows, result!.Span);

    [Benchmark]
    public void TorchMeamed() => Scoped(() =>
    {
        var nearest = (matrix! - Middle(matrix!)).abs().sort(0).Indices.narrow(0, 0, Rows - F);
        return matrix!.gather(0, nearest).mean([0]);
    });

    [Benchmark]
    public void MultiKrum() => multiKrum!.Aggregate(rows, result!.Span);

    [Benchmark]
    public void TorchGram() => Scoped(() => matrix!.mm(matrix.t()));

    [Benchmark]
    public void TorchExactDistances() => Scoped(() => cdist(matrix!, matrix!, 2, TorchSharp.compute_mode.donot_use_mm_for_euclid_dist));

    [Benchmark]
    public void MixedTrimmedMean() => mixed!.Aggregate(rows, result!.Span);

    [Benchmark]
    public void TorchMixedTrimmedMean() => Scoped(() =>
    {
        var nearest = cdist(matrix!, matrix!).topk(Rows - F, 1, largest: false).indexes;
        var mixedRows = stack([.. Enumerable.Range(0, Rows).Select(i => matrix!.index_select(0, nearest[i]).mean([0]))]);
        return mixedRows.sort(0).Values.narrow(0, F, Rows - (2 * F)).mean([0]);
    });

    /// <summary>The lower middle value, as torch.median gives it.</summary>
    private Tensor Middle(Tensor values) => values.kthvalue((Rows + 1) / 2, 0).values;

    private static void Scoped(Func<Tensor> work)
    {
        using var scope = NewDisposeScope();
        work();
    }
}
