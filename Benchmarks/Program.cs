using Basgd.Benchmarks;

return args switch
{
    ["throughput", .. var rest] => await ThroughputBenchmark.Run(rest.Length > 0 ? int.Parse(rest[0], System.Globalization.CultureInfo.InvariantCulture) : 15),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("usage: dotnet run -c Release --project Benchmarks -- throughput [SECONDS A ROUND]");
    return 2;
}
