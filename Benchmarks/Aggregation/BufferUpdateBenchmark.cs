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
    private ReadOnlyMemory<float> gradient;

    [Params(RuleCase.InCache, RuleCase.InMemory)]
    public int Dimension { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        gradient = SharedRows.Of(1, Dimension)[0];
        mean = ParameterVector.CopyOf(gradient.Span);
        next = ParameterVector.Zeros(Dimension);
        received = ParameterVector.CopyOf(gradient.Span);
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
    public bool Read() => Finite.All(gradient.Span);

    [Benchmark(Baseline = true)]
    public void Update() => RunningMean.Add(mean!.Span, gradient.Span, 2);

    /// <summary>As a buffer does it with what came over the wire: the new mean takes the gradient's place, and the old one goes back to the pool.</summary>
    [Benchmark]
    public bool CheckedUpdate() => RunningMean.TryAdd(mean!.Span, received!.Span, 2, received.Span, threads: 1, out _);

    /// <summary>With a gradient that somebody else still reads.</summary>
    [Benchmark]
    public bool CheckedUpdateApart() => RunningMean.TryAdd(mean!.Span, gradient.Span, 2, next!.Span, threads: 1, out _);
}
