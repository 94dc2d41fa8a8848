using System.Text.Json;

namespace Basgd.Cluster.Tests.Processes;

/// <summary>Runs a benchmark that answers with one JSON document.</summary>
internal static class Benchmark
{
    /// <param name="environment">Variables of the benchmark and of the processes that it starts, besides this one's.</param>
    public static async Task<JsonElement> Run(TimeSpan within, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        await using var program = Program.Start(Built.Benchmarks, arguments, environment: environment);
        (await program.Ended(within)).ShouldBe(0, program.Printed);
        return JsonDocument.Parse(program.StandardOutput).RootElement;
    }
}
