using Basgd.Cluster.Tests.Processes;
using Basgd.Tests.Certificates;
using Basgd.Tests.Servers;
using static Basgd.Cluster.Tests.Access.AccessRun;

namespace Basgd.Cluster.Tests.Access;

/// <summary>A silo that the running ones do not let in: <c>--check</c> and a start say so alike, and the others go on undisturbed.</summary>
[Trait("category", "slow")]
public sealed class JoinTests(RedisServer redis) : IClassFixture<RedisServer>
{
    private const string Option = "Basgd__Access__ActToken";

    [Theory]
    [InlineData(Wrong, "its tokens are others than the one given")]
    [InlineData("", "it asks for a token or for TLS, which Basgd:Access:ActToken or Basgd:Tls must give")]
    public async Task A_silo_with_another_token_is_refused_by_check_and_by_start(string token, string said)
    {
        using var folder = new StateFolder();
        var cluster = At(redis.Address);
        cluster["Basgd__Cluster__ClusterId"] = $"tokens{token.Length}";
        await using var server = await Start(["--state", Path.Combine(folder.Path, "server"), "--role", "server"], cluster.With(Tokens));
        string[] arguments = ["--state", Path.Combine(folder.Path, "other"), "--role", "worker"];
        var other = cluster.With(new Dictionary<string, string> { [Option] = token });

        foreach (var mode in (string[][])[["--check"], []])
        {
            await using var silo = StartAlone([.. arguments, .. mode], other);
            (await silo.Ended(Limit)).ShouldBe(1, silo.Printed);
            silo.Printed.ShouldSay(said);
            silo.Printed.ShouldHaveNoSecret();
        }

        await using var right = StartAlone([.. arguments, "--check"], cluster.With(new Dictionary<string, string> { [Option] = Act }));
        (await right.Ended(Limit)).ShouldBe(0, right.Printed);
        server.StandardOutput.ShouldNotContain("fail: ");
    }

    [Fact]
    public async Task A_silo_with_another_authority_is_refused_by_check_and_by_start()
    {
        using var folder = new StateFolder();
        using var authority = new Authority(folder.Path, "authority");
        using var stranger = new Authority(folder.Path, "stranger");
        var cluster = At(redis.Address);
        cluster["Basgd__Cluster__ClusterId"] = "tls";
        string[] arguments = ["--state", Path.Combine(folder.Path, "server"), "--role", "server"];
        await using var server = await Start(arguments, cluster.With(authority.Silo("server")));
        foreach (var mode in (string[][])[["--check"], []])
        {
            await using var silo = StartAlone(["--state", Path.Combine(folder.Path, "other"), "--role", "worker", .. mode], cluster.With(stranger.Silo("other")));
            (await silo.Ended(Limit)).ShouldBe(1, silo.Printed);
            silo.Printed.ShouldSay("its certificate is not one of the authority for servers");
        }
    }

    /// <summary>One that hangs lets in nobody and refuses nobody.</summary>
    [Fact]
    public async Task A_silo_that_hangs_keeps_none_from_its_check()
    {
        using var folder = new StateFolder();
        var cluster = At(redis.Address);
        cluster["Basgd__Cluster__ClusterId"] = "hanging";
        await using var server = await Start(["--state", Path.Combine(folder.Path, "server"), "--role", "server"], cluster);
        server.Hang();
        await using var silo = StartAlone(["--state", Path.Combine(folder.Path, "other"), "--role", "worker", "--check"], cluster);
        (await silo.Ended(Limit)).ShouldBe(0, silo.Printed);
    }
}
