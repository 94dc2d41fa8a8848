using Basgd.Tests.Servers;

namespace Basgd.Cluster.Tests.Campaign;

/// <summary>Where the silos of a campaign register and keep their state, which silos there are, and what can go wrong.</summary>
/// <param name="Roles">One for each silo.</param>
/// <param name="Options">Of the silos, by their names as environment variables.</param>
/// <param name="Storage">Holds the state; null for files.</param>
/// <param name="Servers">All of them, started.</param>
internal sealed record Backend(
    string Name,
    IReadOnlyList<string> Roles,
    IReadOnlyList<Fault> Faults,
    IReadOnlyDictionary<string, string> Options,
    Server? Storage,
    IReadOnlyList<Server> Servers) : IAsyncDisposable
{
    private static readonly string[] Mixed = ["server", "all", "worker"];

    private static readonly Fault[] OfSilos =
        [Fault.KillModel, Fault.KillModel, Fault.Kill, Fault.KillTwo, Fault.KillAll, Fault.Hang, Fault.HangModel, Fault.HangUntilDead, Fault.Roll];

    public static async Task<Backend> Redis()
    {
        var redis = await Started(new RedisServer());
        return new Backend(nameof(Redis), Mixed, [.. OfSilos, Fault.KillStorage, Fault.HangStorage], new Dictionary<string, string>
        {
            ["Basgd__Cluster__Provider"] = "redis",
            ["Basgd__Cluster__Connection"] = redis.ConnectionString,
            ["Basgd__Storage__Provider"] = "redis",
            ["Basgd__Storage__Redis__Connection"] = redis.ConnectionString,
        }, redis, [redis]);
    }

    public static async Task<Backend> Postgres()
    {
        var postgres = await Started(new PostgresServer());
        return new Backend(nameof(Postgres), Mixed, [.. OfSilos, Fault.KillStorage, Fault.HangStorage], new Dictionary<string, string>
        {
            ["Basgd__Cluster__Provider"] = "postgres",
            ["Basgd__Cluster__Connection"] = postgres.ConnectionString,
            ["Basgd__Storage__Provider"] = "postgres",
            ["Basgd__Storage__Postgres__Connection"] = postgres.ConnectionString,
        }, postgres, [postgres]);
    }

    /// <summary>The emulator keeps its index in memory for seconds: a killed one forgets what it acknowledged, which Azure does not. So it only hangs.</summary>
    public static async Task<Backend> AzureBlob()
    {
        var redis = await Started(new RedisServer());
        var azurite = await Started(new AzuriteServer());
        return new Backend(nameof(AzureBlob), Mixed, [.. OfSilos, Fault.HangStorage], new Dictionary<string, string>
        {
            ["Basgd__Cluster__Provider"] = "redis",
            ["Basgd__Cluster__Connection"] = redis.ConnectionString,
            ["Basgd__Storage__Provider"] = "azure-blob",
            ["Basgd__Storage__AzureBlob__Connection"] = azurite.ConnectionString,
        }, azurite, [azurite, redis]);
    }

    /// <summary>One silo that is all of the cluster, with its state in files.</summary>
    public static Task<Backend> Files() => Task.FromResult(new Backend(
        nameof(Files), ["all"], [Fault.Kill, Fault.Hang, Fault.Roll, Fault.FlipBit, Fault.Truncate], new Dictionary<string, string>(), null, []));

    public async ValueTask DisposeAsync()
    {
        foreach (var server in Servers) await server.DisposeAsync();
    }

    private static async Task<T> Started<T>(T server)
        where T : Server
    {
        await server.InitializeAsync();
        return server;
    }
}
