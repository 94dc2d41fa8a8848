using System.Text.Json;
using Basgd.Cluster.Tests.Processes;
using Basgd.Tests.Servers;

namespace Basgd.Cluster.Tests.Telemetry;

/// <summary>A silo of a cluster in Redis, as a process, that is asked for metrics and sends all it has by OTLP.</summary>
internal sealed class ToldSilo(Program program, StateFolder state, int gateway) : IAsyncDisposable
{
    private const string Ready = "ready ";
    private static readonly TimeSpan StartTime = TimeSpan.FromMinutes(1);

    public int Gateway => gateway;

    public string Printed => program.Printed;

    public static async Task<ToldSilo> Start(string role, RedisServer redis, int healthPort, string protocol, string receiver, string secret)
    {
        var state = new StateFolder();
        var gateway = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        string[] arguments =
        [
            "--state", state.Path, "--role", role, "--health-port", $"{healthPort}", "--cluster", "redis", "--storage", "redis",
            $"--Basgd:Telemetry:OtlpEndpoint={receiver}", $"--Basgd:Telemetry:OtlpProtocol={protocol}", "--Basgd:Telemetry:ExportEvery=00:00:01", "--Basgd:Telemetry:SampleRatio=0.05",
        ];
        var environment = new Dictionary<string, string>
        {
            ["Basgd__Cluster__Connection"] = redis.ConnectionString,
            ["Basgd__Storage__Redis__Connection"] = redis.ConnectionString,
            ["Basgd__Telemetry__OtlpHeaders"] = $"api-key={secret}",
        };
        var program = Program.Start(Built.Silo, arguments, Take, environment);
        var ended = program.Ended(StartTime);
        if (await Task.WhenAny(gateway.Task, ended) == ended) throw new InvalidOperationException($"the silo ended with {await ended} before it was ready\n{program.Printed}");
        return new ToldSilo(program, state, await gateway.Task);

        void Take(string line)
        {
            if (line.StartsWith(Ready, StringComparison.Ordinal)) gateway.TrySetResult(JsonDocument.Parse(line[Ready.Length..]).RootElement.GetProperty("gateway").GetInt32());
        }
    }

    public async ValueTask DisposeAsync()
    {
        await program.DisposeAsync();
        state.Dispose();
    }
}
