using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.EventProcessors;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.NoEmit;
using Perfolizer.Horology;

namespace Basgd.Benchmarks.Aggregation;

/// <summary>Every rule against the mean of the same rows and against libtorch; prints the table and writes it down.</summary>
internal static class AggregationBenchmarks
{
    private const string Page = "docs/benchmarks/aggregation.md";

    /// <param name="quick">The smaller size only, for a first look.</param>
    public static int Run(bool quick)
    {
        RuleBenchmark.Dimensions = quick ? [RuleCase.InCache] : [RuleCase.InCache, RuleCase.InMemory];
        var rules = BenchmarkRunner.Run<RuleBenchmark>(Config(iterations: 7));
        var updates = BenchmarkRunner.Run<BufferUpdateBenchmark>(Config(iterations: 15));
        var torch = BenchmarkRunner.Run<TorchBenchmark>(Config(iterations: 3));
        var text = new AggregationReport(rules, updates, torch).ToMarkdown();
        Console.WriteLine(text);
        if (quick) return 0;
        Directory.CreateDirectory(Path.GetDirectoryName(Page)!);
        File.WriteAllText(Page, text);
        Console.WriteLine($"written to {Page}");
        return 0;
    }

    private static ManualConfig Config(int iterations) => ManualConfig.CreateEmpty()
        .AddJob(Job.Default
            .WithToolchain(InProcessNoEmitToolchain.Instance)
            .WithWarmupCount(1)
            .WithMinInvokeCount(1)
            .WithIterationCount(iterations)
            .WithIterationTime(TimeInterval.FromMilliseconds(60)))
        .AddColumnProvider(DefaultColumnProviders.Instance)
        .AddLogger(NullLogger.Instance)
        .AddEventProcessor(new Ticker());

    private sealed class Ticker : EventProcessor
    {
        public override void OnEndRunBenchmark(BenchmarkCase benchmarkCase, BenchmarkReport report) =>
            Console.Error.WriteLine($"{benchmarkCase.Descriptor.WorkloadMethod.Name} {string.Join(" ", benchmarkCase.Parameters.Items.Select(parameter => parameter.Value))}: {report.ResultStatistics?.Median / 1e6:F3} ms");
    }
}
