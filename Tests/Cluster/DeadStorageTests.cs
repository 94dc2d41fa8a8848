using System.Text.Json;
using Basgd.Cluster.Tests.Processes;
using Basgd.Contracts;
using Basgd.Tests.Servers;

namespace Basgd.Cluster.Tests;

/// <summary>A silo after what it stores in is gone, or also what it registers in.</summary>
[Collection<Alone>]
[Trait("category", "slow")]
public sealed class DeadStorageTests(ITestOutputHelper output)
{
    private const string Ready = "ready ";
    private const string Name = "endless";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>DrainWithin, and as much again for a busy machine.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(12);

    [Fact]
    public async Task It_ends_within_the_time_to_drain()
    {
        await using var redis = new RedisServer();
        await redis.InitializeAsync();
        using var state = new StateFolder();
        var (silo, gateway) = Start(redis, state, "--cluster", "redis", "--drain-within", "00:00:05");
        await using var _ = silo;
        await using (var client = await ClusterClient.Connect(await gateway.WaitAsync(Patience))) await Train(client);

        await redis.Kill();
        silo.AskToEnd();
        var code = await silo.Ended(Limit);
        output.WriteLine(silo.Printed);

        code.ShouldBe(0);
    }

    [Fact]
    public async Task What_a_job_waits_for_is_said_and_no_call_hangs()
    {
        await using var redis = new RedisServer();
        await redis.InitializeAsync();
        using var state = new StateFolder();
        var (silo, gateway) = Start(redis, state);
        await using var _ = silo;
        await using var client = await ClusterClient.Connect(await gateway.WaitAsync(Patience));
        await Train(client);

        await redis.Kill();
        var message = $"storage does not answer (redis, 127.0.0.1:{redis.Port}): connection refused";
        var status = await client.Until(Name, static status => status.Message is not null, Limit);
        status.Message.ShouldBe($"{message}; trying again");
        foreach (var act in (Func<Task>[])[client.Job(Name).Pause, client.Job(Name).Stop, () => client.Job("another").Submit(new JobSpec { Name = "another", Dataset = "synthetic" })])
            (await Should.ThrowAsync<StorageFailedException>(() => act().WaitAsync(Limit))).Message.ShouldContain(message);

        await redis.Restart();
        await client.Until(Name, later => later.Message is null && later.Version.Step > status.Version.Step, Patience);
        output.WriteLine(silo.Printed);
        silo.StandardOutput.Length.ShouldBeLessThan(20_000, "a storage that is gone for a while is worth some lines");
        silo.StandardOutput.ShouldNotContain("   at ");
    }

    private static (Program Silo, Task<int> Gateway) Start(RedisServer redis, StateFolder state, params string[] arguments)
    {
        var gateway = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        return (Program.Start(Built.Silo, ["--state", state.Path, "--storage", "redis", .. arguments], Take, new Dictionary<string, string>
        {
            ["Basgd__Cluster__Connection"] = redis.ConnectionString,
            ["Basgd__Storage__Redis__Connection"] = redis.ConnectionString,
        }), gateway.Task);

        void Take(string line)
        {
            if (line.StartsWith(Ready, StringComparison.Ordinal)) gateway.TrySetResult(JsonDocument.Parse(line[Ready.Length..]).RootElement.GetProperty("gateway").GetInt32());
        }
    }

    private static async Task Train(ClusterClient client)
    {
        var spec = new JobSpec { Name = Name, Dataset = "synthetic", Steps = 1_000_000 };
        await client.Job(Name).Submit(spec);
        await client.Until(Name, static status => status.Version.Step >= 20, Patience);
    }
}
