using System.Net;
using Basgd.Tests.Servers;

namespace Basgd.Cluster.Tests.Campaign;

/// <summary>Where the silos of a campaign register and keep their state, which silos there are, and what can go wrong.</summary>
internal sealed class Backend : IAsyncDisposable
{
    private static readonly string[] Mixed = ["server", "all", "worker"];

    /// <summary>Those that take long are drawn less often.</summary>
    private static readonly Fault[] OfSilos =
    [
        Fault.KillModel, Fault.KillModel, Fault.KillModel, Fault.Kill, Fault.Kill, Fault.KillTwo, Fault.KillAll, Fault.Hang, Fault.Hang, Fault.HangModel, Fault.HangModel,
        Fault.HangUntilDead, Fault.Roll, Fault.FlipBit, Fault.Truncate, Fault.BringBackOld,
    ];

    private static readonly Fault[] OfNetworks = [Fault.Isolate, Fault.Isolate, Fault.Split];
    private static readonly Fault[] OfProxies = [Fault.HangStorage, Fault.SlowStorage, Fault.SlowStorage, Fault.RefuseStorage, Fault.RefuseStorage, Fault.LoseAnswers, Fault.LoseAnswers];

    private readonly List<Server> servers = [];
    private readonly List<StorageProxy> proxies = [];

    private Backend(string name, Network? network, IStoredModels? models) => (Name, Network, Models) = (name, network, models);

    public string Name { get; }

    /// <summary>One for each silo.</summary>
    public IReadOnlyList<string> Roles { get; init; } = Mixed;

    public IReadOnlyList<Fault> Faults { get; private init; } = [];

    /// <summary>Of the silos, by their names as environment variables.</summary>
    public Dictionary<string, string> Options { get; } = [];

    /// <summary>Null where the silos are on this machine's own.</summary>
    public Network? Network { get; }

    /// <summary>The stored models; null where a silo keeps them itself.</summary>
    public IStoredModels? Models { get; }

    /// <summary>Where silos register, as clients take it; null for a cluster of one that does not.</summary>
    public string? Registry { get; private init; }

    /// <summary>Holds the state; null for files.</summary>
    public Server? Storage { get; private init; }

    /// <summary>Between silos and <see cref="Storage"/>.</summary>
    public StorageProxy? Proxy { get; private set; }

    public bool HasSmallDisk => Storage is null;

    public IReadOnlyList<Server> Servers => servers;

    public static async Task<Backend> Redis(params IReadOnlyList<string> roles)
    {
        var redis = await Started(new RedisServer());
        var network = Network.TryOpen();
        var backend = new Backend(nameof(Redis), network, new RedisModels(redis.ConnectionString))
        {
            Roles = roles.Count > 0 ? roles : Mixed, Faults = FaultsOf(network, Fault.KillStorage), Registry = redis.Address, Storage = redis,
        };
        backend.RegisterAt(redis, "redis", redis.Address);
        backend.StoreAt(redis, "redis", "Redis", redis.Address);
        return backend;
    }

    public static async Task<Backend> Postgres()
    {
        var postgres = await Started(new PostgresServer());
        var network = Network.TryOpen();
        var backend = new Backend(nameof(Postgres), network, new PostgresModels(postgres.ConnectionString))
        {
            Faults = FaultsOf(network, Fault.KillStorage), Registry = postgres.Address, Storage = postgres,
        };
        backend.RegisterAt(postgres, "postgres", postgres.Address);
        backend.StoreAt(postgres, "postgres", "Postgres", postgres.Address);
        return backend;
    }

    /// <summary>The emulator keeps its index in memory for seconds: a killed one forgets what it acknowledged, which Azure does not. So it is not killed.</summary>
    public static async Task<Backend> AzureBlob()
    {
        var redis = await Started(new RedisServer());
        var azurite = await Started(new AzuriteServer());
        var network = Network.TryOpen();
        var backend = new Backend(nameof(AzureBlob), network, new AzureModels(azurite.ConnectionString))
        {
            Faults = FaultsOf(network), Registry = redis.Address, Storage = azurite,
        };
        backend.RegisterAt(redis, "redis", redis.Address);
        backend.StoreAt(azurite, "azure-blob", "AzureBlob", azurite.ConnectionString);
        return backend;
    }

    /// <summary>One silo that is all of the cluster, with its state in files.</summary>
    public static Task<Backend> Files() => Task.FromResult(new Backend(nameof(Files), network: null, models: null)
    {
        Roles = ["all"],
        Faults = [Fault.Kill, Fault.Hang, Fault.Roll, Fault.FlipBit, Fault.Truncate, Fault.BringBackOld, Fault.FillDisk, Fault.FillDisk, .. OfClocks],
    });

    public async ValueTask DisposeAsync()
    {
        foreach (var proxy in proxies) await proxy.DisposeAsync();
        foreach (var server in servers) await server.DisposeAsync();
        Network?.Dispose();
    }

    private static Fault[] OfClocks => FalseClock.IsInstalled ? [Fault.JumpClock] : [];

    private static Fault[] FaultsOf(Network? network, params Fault[] more) => [.. OfSilos, .. network is null ? [] : OfNetworks, .. OfClocks, .. OfProxies, .. more];

    private static async Task<T> Started<T>(T server)
        where T : Server
    {
        await server.InitializeAsync();
        return server;
    }

    /// <summary>What silos register at never does badly what it does: only what lies between may.</summary>
    private void RegisterAt(Server server, string provider, string address)
    {
        Options["Basgd__Cluster__Provider"] = provider;
        Options["Basgd__Cluster__Connection"] = Behind(server, address, out _);
    }

    private void StoreAt(Server server, string provider, string section, string address)
    {
        Options["Basgd__Storage__Provider"] = provider;
        Options[$"Basgd__Storage__{section}__Connection"] = Behind(server, address, out var proxy);
        Proxy = proxy;
    }

    /// <summary>A server's address as silos are to know it.</summary>
    private string Behind(Server server, string address, out StorageProxy proxy)
    {
        if (!servers.Contains(server)) servers.Add(server);
        proxy = new StorageProxy(Network?.Host ?? IPAddress.Loopback, server.Port);
        proxies.Add(proxy);
        return address.Replace($"127.0.0.1:{server.Port}", proxy.Address, StringComparison.Ordinal);
    }
}
