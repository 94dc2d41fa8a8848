using System.Net;
using Basgd.Cluster.Tests.Access;
using Basgd.Cluster.Tests.Processes;
using Basgd.Tests.Servers;

namespace Basgd.Cluster.Tests;

/// <summary>Commands to a cluster whose silos have only begun to join.</summary>
[Trait("category", "slow")]
public sealed class YoungClusterTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    /// <summary>Silos learn of each other's grains one after the other, and clients from the silo that they come to.</summary>
    [Fact]
    public async Task A_command_that_comes_before_the_silo_that_holds_jobs_waits_for_it()
    {
        await using var redis = new RedisServer();
        await redis.InitializeAsync();
        var environment = AccessRun.At(redis.Address);
        using var folder = new StateFolder();
        var gateway = Server.FreePort();
        await using var worker = await SiloProcess.Start(Path.Combine(folder.Path, "worker"), ["--role", "worker", "--gateway-port", $"{gateway}"], environment);
        await using var command = Program.Start(Built.Client, ["silos", "--cluster", $"{new IPEndPoint(IPAddress.Loopback, gateway)}", "--json"]);
        await using var server = await SiloProcess.Start(Path.Combine(folder.Path, "server"), ["--role", "server"], environment);
        (await command.Ended(Limit)).ShouldBe(0, command.Printed);
        command.Printed.ShouldSay("server");
    }
}
