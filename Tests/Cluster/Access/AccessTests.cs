using Basgd.Cluster.Tests.Processes;
using Basgd.Contracts.Connections;
using Basgd.Tests.Certificates;
using Basgd.Tests.Servers;
using static Basgd.Cluster.Tests.Access.AccessRun;

namespace Basgd.Cluster.Tests.Access;

/// <summary>Who is let in, and what they may do then: real silos, and the real <c>basgd</c> command.</summary>
[Trait("category", "slow")]
public sealed class AccessTests(RedisServer redis) : IClassFixture<RedisServer>
{
    [Fact]
    public async Task Tokens_say_who_may_look_and_who_may_act()
    {
        using var state = new StateFolder();
        await using var silo = await Start(["--state", state.Path], Tokens);
        string[] there = ["--state", state.Path];

        (await Ask(1, null, ["silos", .. there])).ShouldSay("give them by BASGD_TOKEN or --token-file");
        (await Ask(1, Wrong, ["silos", .. there])).ShouldSay("its tokens are others than the one given");
        (await Ask(1, Look, ["submit", .. Job, "1000000", .. there])).ShouldSay("Submit: the token given may look, not act");

        await Ask(0, Act, ["submit", .. Job, "1000000", .. there]);
        foreach (var verb in (string[])["silos", "models", "datasets", "status guarded"]) await Ask(0, Look, [.. verb.Split(' '), .. there]);
        foreach (var verb in (string[])["pause guarded", "stop guarded", "evaluate guarded", "lift guarded 0"]) (await Ask(1, Look, [.. verb.Split(' '), .. there])).ShouldSay("may look, not act");
        await Ask(0, Act, ["pause", "guarded", .. there]);
        (await Ask(1, Look, ["resume", "guarded", .. there])).ShouldSay("may look, not act");
        await Ask(0, Act, ["stop", "guarded", .. there]);
    }

    [Fact]
    public async Task With_TLS_silos_train_and_whoever_has_no_certificate_of_the_authority_is_refused()
    {
        using var folder = new StateFolder();
        using var authority = new Authority(folder.Path, "authority");
        using var stranger = new Authority(folder.Path, "stranger");
        var cluster = At(redis.Address);
        await using var server = await Start(["--state", Path.Combine(folder.Path, "server"), "--role", "server"], cluster.With(authority.Silo("server")));
        await using var worker = await Start(["--state", Path.Combine(folder.Path, "worker"), "--role", "worker"], cluster.With(authority.Silo("worker")));
        string[] there = ["--cluster", redis.Address];

        await Ask(0, null, ["train", .. Job, "20", .. there, .. authority.ForClient().Options()]);
        (await Ask(1, null, ["silos", .. there])).ShouldSay("give them by");
        (await Ask(1, null, ["silos", .. there, .. stranger.ForClient().Options()])).ShouldSay("its certificate is not one of the authority for servers");
        (await Ask(1, null, ["silos", .. there, .. Claiming(stranger, authority).Options()])).ShouldSay("it does not believe the certificate");

        // Renewed by another authority, on every side's files: new connections take it, without a restart.
        using var renewed = new Authority(folder.Path, "authority");
        renewed.Silo("server");
        renewed.Silo("worker");
        await Ask(0, null, ["silos", .. there, .. renewed.ForClient().Options()]);

        // A silo without TLS gets as far as the table, and no further.
        await using var plain = StartAlone(["--state", Path.Combine(folder.Path, "plain"), "--role", "worker"], cluster);
        await server.Prints("it speaks no TLS");
        plain.StandardOutput.ShouldNotContain("ready {");
    }

    [Fact]
    public async Task Nothing_secret_is_printed_whatever_is_logged()
    {
        using var folder = new StateFolder();
        using var authority = new Authority(folder.Path, "authority");
        var options = Tokens.With(authority.Silo()).With(new Dictionary<string, string> { ["Basgd__Page__Token"] = Page, ["Logging__Console__LogLevel__Default"] = "Trace" });
        await using var silo = await Start(["--state", Path.Combine(folder.Path, "silo"), "--page-port", $"{Server.FreePort()}"], options);
        string[] there = ["--state", Path.Combine(folder.Path, "silo"), .. authority.ForClient().Options()];

        await Ask(0, Act, ["train", .. Job, "5", .. there]);
        await Ask(1, Look, ["stop", "guarded", .. there]);
        await Ask(1, Wrong, ["silos", .. there]);
        silo.Printed.ShouldContain("trce: ");
        silo.Printed.ShouldContain("its token is another one");
        silo.Printed.ShouldHaveNoSecret();
        foreach (var line in File.ReadLines(options["Basgd__Tls__Key"])) silo.Printed.ShouldNotContain(line);
    }

    /// <summary>A certificate of one authority beside the other, which no client of ours would show: the newest is believed by who shows it only.</summary>
    private static TlsFiles Claiming(Authority own, Authority theirs)
    {
        var both = own.Path + ".both";
        File.WriteAllText(both, File.ReadAllText(own.Path) + "\n" + File.ReadAllText(theirs.Path));
        return own.ForClient("claiming") with { Authority = both };
    }
}
