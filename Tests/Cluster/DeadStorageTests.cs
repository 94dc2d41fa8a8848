using System.Text.Json;
using Basgd.Cluster.Tests.Processes;
using Basgd.Contracts;
using Basgd.Tests.Servers;

namespace Basgd.Cluster.Tests;

/// <summary>A silo that is asked to end after what it stores and registers in is gone.</summary>
[Collection<Alone>]
[Trait("category", "slow")]
public sealed class DeadStorageTests(ITestOutputHelper output)
{
    private const string Ready = "ready ";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>DrainWithin, and as much again for a busy machine.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(12);

    [Fact]
    public async Task It_ends_within_the_time_to_drain()
    {
        await using var redis = new RedisServer();
        await redis.InitializeAsync();
        using var state = new StateFolder();
        var gateway = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var silo = Program.Start(Built.Silo, ["--state", state.Path, "--cluster", "redis", "--storage", "redis", "--drain-within", "00:00:05"], Take, new Dictionary<string, string>
        {
            ["Basgd__Cluster__Connection"] = redis.ConnectionString,
            ["Basgd__Storage__Redis__Connection"] = redis.ConnectionString,
        });
        await using (var client = await ClusterClient.Connect(await gateway.Task.WaitAsync(Patience)))
        {
            var spec = new JobSpec { Name = "endless", Dataset = "synthetic", Steps = 1_000_000 };
            await client.Job(spec.EffectiveName).Submit(spec);
            await client.Until(spec.EffectiveName, static status => status.Version.Step >= 20, Patience);
        }

        await redis.Kill();
        silo.AskToEnd();
        var code = await silo.Ended(Limit);
        output.WriteLine(silo.Printed);

        code.ShouldBe(0);

        void Take(string line)
        {
            if (line.StartsWith(Ready, StringComparison.Ordinal)) gateway.TrySetResult(JsonDocument.Parse(line[Ready.Length..]).RootElement.GetProperty("gateway").GetInt32());
        }
    }
}
