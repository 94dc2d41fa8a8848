using System.Globalization;
using Basgd.Benchmarks.Aggregation;
using Basgd.Benchmarks.Simulating;
using Basgd.Benchmarks.Throughput;
using Basgd.Benchmarks.Transport;

return args switch
{
    ["throughput"] => await ThroughputBenchmark.Run(15),
    ["throughput", var seconds] => await ThroughputBenchmark.Run(int.Parse(seconds, CultureInfo.InvariantCulture)),
    ["aggregation"] => AggregationBenchmarks.Run(quick: false),
    ["aggregation", "--quick"] => AggregationBenchmarks.Run(quick: true),
    ["simulator"] => await SimulatorBenchmark.Run(),
    ["transport"] => await TransportBenchmark.Run(),
    ["transport-sender", var silo, var tcp, var dimensions] => await TransportSender.Run(silo, tcp, dimensions),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("usage: dotnet run -c Release --project Benchmarks -- throughput [SECONDS A ROUND]");
    Console.Error.WriteLine("       dotnet run -c Release --project Benchmarks -- aggregation [--quick]");
    Console.Error.WriteLine("       dotnet run -c Release --project Benchmarks -- simulator");
    Console.Error.WriteLine("       dotnet run -c Release --project Benchmarks -- transport");
    return 2;
}
