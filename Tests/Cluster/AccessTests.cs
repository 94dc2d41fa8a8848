using Basgd.Cluster.Tests.Processes;
using Basgd.Contracts.Connections;
using Basgd.Tests.Certificates;
using Basgd.Tests.Servers;

namespace Basgd.Cluster.Tests;

/// <summary>Who is let in, and what they may do then: real silos, and the real <c>basgd</c> command.</summary>
[Trait("category", "slow")]
public sealed class AccessTests(RedisServer redis) : IClassFixture<RedisServer>
{
    private const string Act = "a-token-that-may-act";
    private const string Look = "a-token-that-may-look";
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);
    private static readonly string[] Job = ["--name", "guarded", "--dataset", "synthetic", "--model", "softmax", "--lr", "0.05", "--steps"];

    [Fact]
    public async Task Tokens_say_who_may_look_and_who_may_act()
    {
        using var state = new StateFolder();
        await using var silo = await Start(["--state", state.Path], new() { ["Basgd__Access__ActToken"] = Act, ["Basgd__Access__LookToken"] = Look });
        string[] there = ["--state", state.Path];

        (await Basgd(1, null, ["silos", .. there])).ShouldContain("give them by BASGD_TOKEN or --token-file");
        (await Basgd(1, "another-token-altogether", ["silos", .. there])).ShouldContain("its tokens are others than the one given");
        (await Basgd(1, Look, ["submit", .. Job, "1000000", .. there])).ShouldContain("Submit: the token given may look, not act");

        await Basgd(0, Act, ["submit", .. Job, "1000000", .. there]);
        foreach (var verb in (string[])["silos", "models", "datasets", "status guarded"]) await Basgd(0, Look, [.. verb.Split(' '), .. there]);
        foreach (var verb in (string[])["pause guarded", "stop guarded", "evaluate guarded", "lift guarded 0"]) (await Basgd(1, Look, [.. verb.Split(' '), .. there])).ShouldContain("may look, not act");
        await Basgd(0, Act, ["pause", "guarded", .. there]);
        (await Basgd(1, Look, ["resume", "guarded", .. there])).ShouldContain("may look, not act");
        await Basgd(0, Act, ["stop", "guarded", .. there]);
        silo.Printed.ShouldNotContain(Act);
    }

    [Fact]
    public async Task With_TLS_silos_train_and_whoever_has_no_certificate_of_the_authority_is_refused()
    {
        using var folder = new StateFolder();
        using var authority = new Authority(folder.Path, "authority");
        using var stranger = new Authority(folder.Path, "stranger");
        var cluster = new Dictionary<string, string>
        {
            ["Basgd__Cluster__Provider"] = "redis",
            ["Basgd__Cluster__Connection"] = redis.Address,
            ["Basgd__Storage__Provider"] = "redis",
            ["Basgd__Storage__Redis__Connection"] = redis.Address,
        };
        await using var server = await Start(["--state", Path.Combine(folder.Path, "server"), "--role", "server"], With(cluster, authority.Silo("server")));
        await using var worker = await Start(["--state", Path.Combine(folder.Path, "worker"), "--role", "worker"], With(cluster, authority.Silo("worker")));
        string[] there = ["--cluster", redis.Address];

        await Basgd(0, null, ["train", .. Job, "20", .. there, .. Options(authority.ForClient())]);
        (await Basgd(1, null, ["silos", .. there])).ShouldContain("give them by");
        (await Basgd(1, null, ["silos", .. there, .. Options(stranger.ForClient())])).ShouldContain("its certificate is not one of the authority for servers");
        (await Basgd(1, null, ["silos", .. there, .. Options(Claiming(stranger, authority))])).ShouldContain("it does not believe the certificate");

        // Renewed by another authority, on every side's files: new connections take it, without a restart.
        using var renewed = new Authority(folder.Path, "authority");
        renewed.Silo("server");
        renewed.Silo("worker");
        await Basgd(0, null, ["silos", .. there, .. Options(renewed.ForClient())]);

        // A silo without TLS gets as far as the table, and no further.
        await using var plain = Program.Start(Built.Silo, ["--state", Path.Combine(folder.Path, "plain"), "--role", "worker", "--exit-with-stdin"], environment: cluster);
        await Until(() => server.Printed.Contains("it speaks no TLS", StringComparison.Ordinal));
        plain.StandardOutput.ShouldNotContain("ready {");
    }

    /// <summary>A certificate of one authority beside the other, which no client of ours would show: the newest is believed by who shows it only.</summary>
    private static TlsFiles Claiming(Authority own, Authority theirs)
    {
        var both = own.Path + ".both";
        File.WriteAllText(both, File.ReadAllText(own.Path) + "\n" + File.ReadAllText(theirs.Path));
        return own.ForClient("claiming") with { Authority = both };
    }

    private static Dictionary<string, string> With(Dictionary<string, string> options, TlsFiles files) => new(options)
    {
        ["Basgd__Tls__Certificate"] = files.Certificate,
        ["Basgd__Tls__Key"] = files.Key,
        ["Basgd__Tls__Authority"] = files.Authority,
    };

    private static string[] Options(TlsFiles files) => ["--tls-certificate", files.Certificate, "--tls-key", files.Key, "--tls-authority", files.Authority];

    private static async Task<Program> Start(string[] arguments, Dictionary<string, string> options)
    {
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var silo = Program.Start(Built.Silo, [.. arguments, "--exit-with-stdin"], line =>
        {
            if (line.StartsWith("ready ", StringComparison.Ordinal)) ready.TrySetResult();
        }, options);
        var ended = silo.Ended(Limit);
        if (await Task.WhenAny(ready.Task, ended) == ended) throw new InvalidOperationException($"the silo was not ready\n{silo.Printed}");
        return silo;
    }

    private static async Task Until(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (!condition()) await Task.Delay(TimeSpan.FromMilliseconds(100), limit.Token);
    }

    private static async Task<string> Basgd(int exitCode, string? token, IReadOnlyList<string> arguments)
    {
        await using var basgd = Program.Start(Built.Client, arguments, environment: new Dictionary<string, string> { ["BASGD_TOKEN"] = token ?? "" });
        (await basgd.Ended(Limit)).ShouldBe(exitCode, $"{string.Join(' ', arguments)}\n{basgd.Printed}");
        return basgd.Printed;
    }
}
