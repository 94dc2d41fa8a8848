using System.Globalization;
using Basgd.Benchmarks.Aggregation;
using Basgd.Benchmarks.Clusters;
using Basgd.Benchmarks.Memory;
using Basgd.Benchmarks.ScaleOut;
using Basgd.Benchmarks.Simulating;
using Basgd.Benchmarks.Telemetry;
using Basgd.Benchmarks.Throughput;
using Basgd.Benchmarks.Transport;
using Basgd.Contracts.Programs;

LastWords.OfThisProgram();
return args switch
{
    ["throughput"] => await ThroughputBenchmark.Run(15),
    ["throughput", var seconds] => await ThroughputBenchmark.Run(Number(seconds)),
    ["telemetry"] => await TelemetryBenchmark.Run(10),
    ["telemetry", var seconds] => await TelemetryBenchmark.Run(Number(seconds)),
    ["aggregation"] => AggregationBenchmarks.Run(quick: false),
    ["aggregation", "--quick"] => AggregationBenchmarks.Run(quick: true),
    ["simulator"] => await SimulatorBenchmark.Run(),
    ["transport"] => await TransportBenchmark.Run(),
    ["transport", "--tls"] => await TlsBenchmark.Run(),
    ["transport-sender", var silo, var tcp, var dimensions, .. var tls] => await TransportSender.Run(silo, tcp, dimensions, tls),
    ["scale-out"] => await ScaleOutBenchmark.Run(10, json: false),
    ["scale-out", "--json", var seconds] => await ScaleOutBenchmark.Run(Number(seconds), json: true),
    ["memory"] => await MemoryBenchmark.Run(),
    ["memory", "--json", var dimension, var buffers, var gradients] => await MemoryBenchmark.Run(Number(dimension), Number(buffers), Number(gradients)),
    [WorkloadSilo.Verb, .. var arguments] => await WorkloadSilo.Run(arguments),
    _ => Usage(),
};

static int Number(string text)
{
    if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return number;
    Console.Error.WriteLine($"{text}: must be a whole number");
    Environment.Exit(Usage());
    return 0;
}

static int Usage()
{
    Console.Error.WriteLine("usage: dotnet run -c Release --project Benchmarks -- throughput [SECONDS A ROUND]");
    Console.Error.WriteLine("       dotnet run -c Release --project Benchmarks -- aggregation [--quick]");
    Console.Error.WriteLine("       dotnet run -c Release --project Benchmarks -- simulator");
    Console.Error.WriteLine("       dotnet run -c Release --project Benchmarks -- telemetry [SECONDS A ROUND]");
    Console.Error.WriteLine("       dotnet run -c Release --project Benchmarks -- transport [--tls]");
    Console.Error.WriteLine("       dotnet run -c Release --project Benchmarks -- scale-out [--json SECONDS A MEASUREMENT]");
    Console.Error.WriteLine("       dotnet run -c Release --project Benchmarks -- memory [--json D B GRADIENTS]");
    return 2;
}
