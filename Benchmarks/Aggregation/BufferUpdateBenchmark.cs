using Basgd.Aggregation.Kernels;
using Basgd.Aggregation.Memory;
using BenchmarkDotNet.Attributes;

namespace Basgd.Benchmarks.Aggregation;

/// <summary>A buffer's update, h ← h + (g − h)/N, alone and with the finite check and the norms that come with it.</summary>
public class BufferUpdateBenchmark
{
    private ParameterVector? mean;
    private ParameterVector? next;
    private ParameterVector? received;
    private ReadOnlyMemory<float>[] rows = [];
    private int turn;

    [Params(RuleCase.InCache, RuleCase.InMemory)]
    public int Dimension { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        rows = SharedRows.Of(3, Dimension);
        mean = ParameterVector.CopyOf(rows[1].Span);
        next = ParameterVector.Zeros(Dimension);
        received = ParameterVector.CopyOf(rows[0].Span);
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        mean!.Return();
        next!.Return();
        received!.Return();
    }

    /// <summary>The rate at which memory can be read at all.</summary>
    [Benchmark]
    public bool Read() => Finite.All(rows[0].Span);

    [Benchmark(Baseline = true)]
    public void Update() => RunningMean.Add(mean!.Span, rows[0].Span, 2);

    /// <summary>
    /// As a buffer does it with what came over the wire: the new mean takes the gradient's place, and the old one goes back to the
    /// pool. The mean of one and the next are different rows: what comes nearer to the same one every time reaches it, and a distance
    /// of zero is looked at once more.
    /// </summary>
    [Benchmark]
    public bool CheckedUpdate() => RunningMean.TryAdd(rows[1 + (turn ^= 1)].Span, received!.Span, 2, received.Span, threads: 1, out _);

    /// <summary>With a gradient that somebody else still reads.</summary>
    [Benchmark]
    public bool CheckedUpdateApart() => RunningMean.TryAdd(rows[1].Span, rows[0].Span, 2, next!.Span, threads: 1, out _);
}
