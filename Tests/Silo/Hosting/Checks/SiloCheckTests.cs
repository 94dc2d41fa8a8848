using System.Net;
using System.Net.Sockets;
using Basgd.Silo.Hosting.Checks;
using Basgd.Tests.Servers;

namespace Basgd.Silo.Tests.Hosting.Checks;

/// <summary><c>Silo --check</c> against real servers.</summary>
[Trait("category", "slow")]
public sealed class SiloCheckTests(RedisServer redis, PostgresServer postgres, AzuriteServer azurite)
    : IClassFixture<RedisServer>, IClassFixture<PostgresServer>, IClassFixture<AzuriteServer>, IDisposable
{
    private const string WrongPassword = "not-the-right-one";
    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task Files_on_one_machine() => await Works();

    [Fact]
    public async Task Redis_for_all() => await Works("--cluster", "redis", $"--Basgd:Cluster:Connection={redis.Address}", "--storage", "redis", $"--Basgd:Storage:Redis:Connection={redis.ConnectionString}");

    [Fact]
    public async Task Postgres_for_all() => await Works("--cluster", "postgres", $"--Basgd:Cluster:Connection={postgres.Address}", "--storage", "postgres", $"--Basgd:Storage:Postgres:Connection={postgres.ConnectionString}");

    [Fact]
    public async Task Azure_Blob() => await Works("--storage", "azure-blob", $"--Basgd:Storage:AzureBlob:Connection={azurite.ConnectionString}");

    [Fact]
    public async Task A_wrong_password_for_redis()
    {
        var printed = await Fails(
            "--cluster", "redis", $"--Basgd:Cluster:Connection=redis://:{WrongPassword}@127.0.0.1:{redis.Port}",
            "--storage", "redis", $"--Basgd:Storage:Redis:Connection={redis.Address}");
        printed.ShouldSay("failed  Basgd:Cluster: membership in redis reached");
        printed.ShouldSay("WRONGPASS invalid username-password pair");
    }

    [Fact]
    public async Task A_wrong_password_for_postgres() => (await Fails(
        "--storage", "postgres", $"--Basgd:Storage:Postgres:Connection=postgres://basgd:{WrongPassword}@127.0.0.1:{postgres.Port}/postgres")).ShouldSay("password authentication failed for user");

    [Fact]
    public async Task A_database_that_is_not_there() => (await Fails(
        "--storage", "postgres", $"--Basgd:Storage:Postgres:Connection=postgres://basgd:{postgres.Password}@127.0.0.1:{postgres.Port}/nowhere")).ShouldSay("database \"nowhere\" does not exist");

    [Fact]
    public async Task Nothing_at_the_address() => (await Fails("--storage", "redis", $"--Basgd:Storage:Redis:Connection=redis://:{WrongPassword}@127.0.0.1:1")).ShouldSay("nothing answers at 127.0.0.1:1 (Connection refused)");

    [Fact]
    public async Task A_host_that_nobody_knows() => (await Fails("--storage", "redis", "--Basgd:Storage:Redis:Connection=redis://no.such.host.invalid")).ShouldSay("nothing answers at no.such.host.invalid:6379 (");

    [Fact]
    public async Task A_server_that_is_no_redis() => (await Fails("--storage", "redis", $"--Basgd:Storage:Redis:Connection=redis://127.0.0.1:{azurite.Port}")).ShouldSay($"what answers at 127.0.0.1:{azurite.Port} is no Redis");

    [Fact]
    public async Task A_wrong_key_for_Azure()
    {
        var wrong = Convert.ToBase64String("not the right key"u8);
        var printed = await Fails("--storage", "azure-blob", $"--Basgd:Storage:AzureBlob:Connection=DefaultEndpointsProtocol=http;AccountName=basgd;AccountKey={wrong};BlobEndpoint=http://127.0.0.1:{azurite.Port}/basgd;");
        printed.ShouldSay("failed  Basgd:Storage: a state written, read and deleted");
        printed.ShouldNotContain(wrong);
    }

    [Fact]
    public async Task An_Azurite_older_than_the_client_with_the_whole_remedy()
    {
        await using var strict = new AzuriteServer { ChecksVersion = true };
        await strict.InitializeAsync();
        var printed = await Fails("--storage", "azure-blob", $"--Basgd:Storage:AzureBlob:Connection={strict.ConnectionString}");
        printed.ShouldSay("command line parameter \"--skipApiVersionCheck\" or");
    }

    [Fact]
    public async Task A_data_folder_that_is_not_there() => (await Fails("--data", "/no/such/folder")).ShouldSay("failed  Basgd:Silo:Data = /no/such/folder");

    [Fact]
    public async Task A_port_that_is_taken()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;

        (await Fails("--gateway-port", $"{port}")).ShouldSay($"failed  Basgd:Silo:GatewayPort = {port}");
    }

    [Fact]
    public async Task A_wrong_option() => (await Fails("--slots", "-1")).ShouldSay("wrong   Basgd:Worker:Slots = -1: must be 0 … 100000");

    private async Task Works(params string[] args)
    {
        var (works, printed) = await Check(args);
        works.ShouldBeTrue(printed);
        printed.Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldAllBe(static line => line.StartsWith("ok "));
    }

    private async Task<string> Fails(params string[] args)
    {
        var (works, printed) = await Check(args);
        works.ShouldBeFalse(printed);
        return printed;
    }

    private async Task<(bool Works, string Printed)> Check(string[] args)
    {
        using var output = new StringWriter();
        var works = await SiloCheck.Run(["--check", "--state", directory.Path, .. args], output) == 0;
        var printed = output.ToString();
        foreach (var secret in (string[])[redis.Password, postgres.Password, azurite.Password, WrongPassword]) printed.ShouldNotContain(secret);
        return (works, printed);
    }
}
