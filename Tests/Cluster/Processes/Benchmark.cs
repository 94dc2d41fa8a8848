using System.Text.Json;

namespace Basgd.Cluster.Tests.Processes;

/// <summary>Runs a benchmark that answers with one JSON document.</summary>
internal static class Benchmark
{
    public static async Task<JsonElement> Run(TimeSpan within, IReadOnlyList<string> arguments)
    {
        await using var program = Program.Start(Built.Benchmarks, arguments);
        (await program.Ended(within)).ShouldBe(0, program.Printed);
        return JsonDocument.Parse(program.StandardOutput).RootElement;
    }
}
