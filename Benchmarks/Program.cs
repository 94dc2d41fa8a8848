using System.Globalization;
using Basgd.Benchmarks.Aggregation;
using Basgd.Benchmarks.Throughput;

return args switch
{
    ["throughput"] => await ThroughputBenchmark.Run(15),
    ["throughput", var seconds] => await ThroughputBenchmark.Run(int.Parse(seconds, CultureInfo.InvariantCulture)),
    ["aggregation"] => AggregationBenchmarks.Run(quick: false),
    ["aggregation", "--quick"] => AggregationBenchmarks.Run(quick: true),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("usage: dotnet run -c Release --project Benchmarks -- throughput [SECONDS A ROUND]");
    Console.Error.WriteLine("       dotnet run -c Release --project Benchmarks -- aggregation [--quick]");
    return 2;
}
