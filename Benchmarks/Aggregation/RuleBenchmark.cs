using Basgd.Aggregation;
using Basgd.Aggregation.Memory;
using BenchmarkDotNet.Attributes;

namespace Basgd.Benchmarks.Aggregation;

/// <summary>Each rule right after the plain mean of the same rows, one straight loop with a load a row, so that a drift of the machine's memory bandwidth falls on both.</summary>
public class RuleBenchmark
{
    private ReadOnlyMemory<float>[] rows = [];
    private ParameterVector? result;
    private IRule<float>? mean;
    private IRule<float>? rule;

    /// <summary>Sizes to run; set before the benchmarks are discovered.</summary>
    public static IReadOnlyList<int> Dimensions { get; set; } = [RuleCase.InCache, RuleCase.InMemory];

    public static IEnumerable<RuleCase> Cases => RuleCase.All(Dimensions);

    [ParamsSource(nameof(Cases))]
    public RuleCase? Case { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var asked = Case!;
        rows = SharedRows.Of(asked.Rows, asked.Dimension);
        result = ParameterVector.Zeros(asked.Dimension);
        mean = Rules.Create<float>("trimmed-mean(f=0)", 0, asked.Threads, asked.SimdWidth);
        rule = Rules.Create<float>(asked.Rule, asked.F, asked.Threads, asked.SimdWidth);
    }

    [GlobalCleanup]
    public void Cleanup() => result!.Return();

    [Benchmark(Baseline = true)]
    public void Mean() => mean!.Aggregate(rows, result!.Span);

    [Benchmark]
    public void Rule() => rule!.Aggregate(rows, result!.Span);
}
