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
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(1);

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
        await using (var client = await ClusterClient.Connect(await gateway.WaitAsync(Timeout))) await Train(client);

        await redis.Kill();
        silo.AskToEnd();
        var code = await silo.Ended(Limit);
        output.WriteLine(silo.Printed);

        code.ShouldBe(0);
    }

    /// <summary>Not on Azurite: it forgets what it acknowledged when it is killed.</summary>
    [Theory]
    [InlineData("redis")]
    [InlineData("postgres")]
    public async Task What_a_job_waits_for_is_said_and_no_call_hangs(string storage)
    {
        await using Server server = storage == "redis" ? new RedisServer() : new PostgresServer();
        await server.InitializeAsync();
        using var state = new StateFolder();
        var (silo, gateway) = Start(server, state);
        await using var _ = silo;
        var port = await gateway.WaitAsync(Timeout);
        await using var client = await ClusterClient.Connect(port);
        await Train(client);

        await server.Crash();
        var message = $"storage does not answer ({Shown(server)}): connection refused";
        var status = await client.Until(Name, static status => status.Message is not null, Limit);
        status.Message.ShouldBe($"{message}; trying again");
        foreach (var act in (Func<Task>[])[client.Job(Name).Pause, client.Job(Name).Stop, () => client.Job("another").Submit(new JobSpec { Name = "another", Dataset = "synthetic" })])
            (await Should.ThrowAsync<StorageFailedException>(() => act().WaitAsync(Limit))).Message.ShouldContain(message);

        // The watch of a job that is in storage alone says why it waits.
        await using var watch = Program.Start(Built.Client, ["watch", "another", "--cluster", $"127.0.0.1:{port}"]);
        await using var pause = Program.Start(Built.Client, ["pause", Name, "--cluster", $"127.0.0.1:{port}"]);
        (await pause.Ended(Timeout)).ShouldBe(1, pause.Printed);
        pause.StandardError.ShouldContain(message, Case.Sensitive, pause.Printed);
        await watch.Says($"{message}; trying again");

        await server.Restart();
        await client.Until(Name, later => later.Message is null && later.Version.Step > status.Version.Step, Timeout);
        output.WriteLine(silo.Printed);
        silo.StandardOutput.Length.ShouldBeLessThan(20_000, "a storage that is gone for a while is worth some lines");
        silo.StandardOutput.ShouldNotContain("   at ");
        (await watch.Ended(Timeout)).ShouldBe(1, watch.Printed);
        watch.StandardError.ShouldContain("there is no such job");
    }

    private static (Program Silo, Task<int> Gateway) Start(Server server, StateFolder state, params string[] arguments)
    {
        var gateway = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        var (provider, section, connection) = server switch
        {
            RedisServer redis => ("redis", "Redis", redis.ConnectionString),
            PostgresServer postgres => ("postgres", "Postgres", postgres.ConnectionString),
            _ => throw new ArgumentException(server.GetType().Name),
        };
        return (Program.Start(Built.Silo, ["--state", state.Path, "--storage", provider, .. arguments], Take, new Dictionary<string, string>
        {
            ["Basgd__Cluster__Connection"] = connection,
            [$"Basgd__Storage__{section}__Connection"] = connection,
        }), gateway.Task);

        void Take(string line)
        {
            if (line.StartsWith(Ready, StringComparison.Ordinal)) gateway.TrySetResult(JsonDocument.Parse(line[Ready.Length..]).RootElement.GetProperty("gateway").GetInt32());
        }
    }

    /// <summary>The storage as messages name it.</summary>
    private static string Shown(Server server) => server is RedisServer ? $"redis, 127.0.0.1:{server.Port}" : $"postgres, 127.0.0.1:{server.Port}/postgres";

    private static async Task Train(ClusterClient client)
    {
        var spec = new JobSpec { Name = Name, Dataset = "synthetic", Steps = 1_000_000 };
        await client.Job(Name).Submit(spec);
        await client.Until(Name, static status => status.Version.Step >= 20, Timeout);
    }
}
