using System.Net;
using Basgd.Cluster.Tests.Processes;
using Basgd.Tests.Certificates;
using Basgd.Tests.Servers;
using static Basgd.Cluster.Tests.Access.AccessRun;

namespace Basgd.Cluster.Tests.Access;

/// <summary>Tokens on a cluster of several silos, alone and inside TLS: each silo asks for them, other silos too.</summary>
[Trait("category", "slow")]
public sealed class SeveralSilosTests : IDisposable
{
    private readonly StateFolder folder = new();
    private readonly Authority authority;

    public SeveralSilosTests() => authority = new Authority(folder.Path, "authority");

    public void Dispose()
    {
        authority.Dispose();
        folder.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Every_silo_asks_for_a_token_and_silos_train_together(bool isTls)
    {
        await using var redis = new RedisServer();
        await redis.InitializeAsync();
        var (first, second) = (Server.FreePort(), Server.FreePort());
        await using var server = await Start([.. State("server"), "--role", "server", "--gateway-port", $"{first}"], Guarded("server", isTls, redis));
        await using var worker = await Start([.. State("worker"), "--role", "worker", "--gateway-port", $"{second}"], Guarded("worker", isTls, redis));
        string[] shown = isTls ? authority.ForClient().Options() : [];
        string[] there = ["--cluster", redis.Address, .. shown];
        var spec = Path.Combine(folder.Path, "spec.yaml");
        await File.WriteAllTextAsync(spec, "ledger: true\n");

        // The worker silo computes, and the server silo holds what it computes: they talk, and are silos to each other.
        await Ask(0, Act, ["train", spec, .. Job, "20", .. there]);

        foreach (var gateway in (int[])[first, second])
        {
            string[] one = ["--cluster", $"{new IPEndPoint(IPAddress.Loopback, gateway)}", .. shown];
            (await Ask(1, null, ["silos", .. one])).ShouldSay("by BASGD_TOKEN or --token-file");
            (await Ask(1, Wrong, ["silos", .. one])).ShouldSay("its tokens are others than the one given");
            (await Ask(1, Look, ["stop", "guarded", .. one])).ShouldSay("may look, not act");
            await Ask(0, Look, ["silos", .. one]);
            if (isTls) (await Ask(1, Act, ["silos", .. one[..2]])).ShouldSay("or for TLS first");
        }

        // Weights and the ledger are looked at, the job is not touched.
        var weights = Path.Combine(folder.Path, "weights.npz");
        await Ask(0, Look, ["export", "guarded", "--to", weights, .. there]);
        new FileInfo(weights).Length.ShouldBeGreaterThan(0);
        var verified = await Ask(0, Look, ["verify", "guarded", .. there]);
        verified.ShouldSay("20 steps");
        verified.ShouldSay("not made again");
        (await Ask(1, Look, ["verify", "guarded", "--replay", .. there])).ShouldSay("Replay: the token given may look, not act");
        (await Ask(1, Look, ["train", .. Job, "40", .. there])).ShouldSay("Submit: the token given may look, not act");
        foreach (var silo in (Program[])[server, worker]) silo.Printed.ShouldHaveNoSecret();
    }

    private string[] State(string silo) => ["--state", Path.Combine(folder.Path, silo)];

    private Dictionary<string, string> Guarded(string silo, bool isTls, RedisServer redis)
    {
        var options = At(redis.Address).With(Tokens);
        return isTls ? options.With(authority.Silo(silo)) : options;
    }
}
