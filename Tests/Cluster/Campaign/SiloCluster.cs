using Basgd.Cluster.Tests.Processes;
using Basgd.Contracts;
using Orleans.Runtime;

namespace Basgd.Cluster.Tests.Campaign;

/// <summary>The silos of a backend, and a client of them all.</summary>
internal sealed class SiloCluster : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(200);
    private readonly Backend backend;

    private SiloCluster(Backend backend, IReadOnlyList<KeptSilo> silos, ClusterClient client) => (this.backend, Silos, Client) = (backend, silos, client);

    public IReadOnlyList<KeptSilo> Silos { get; }

    public ClusterClient Client { get; }

    public Backend Backend => backend;

    public IStoredModels Models => backend.Models ?? new FileModels(Silos[0].State);

    public string Printed => string.Join('\n', Silos.Select(static silo => silo.Printed).Concat(backend.Servers.Select(static server => $"=== {server.GetType().Name}:\n{server.Printed}")));

    /// <param name="options">Of the silos, besides the backend's.</param>
    public static async Task<SiloCluster> Start(Backend backend, IReadOnlyDictionary<string, string> options, Random random)
    {
        var all = backend.Options.Concat(options).ToDictionary();
        List<KeptSilo> silos = [.. backend.Roles.Select((_, index) => new KeptSilo(backend, index, all, random))];
        try
        {
            foreach (var silo in silos) await silo.WhenReady();
            var client = await ClusterClient.Meet(() => backend.Registry is { } registry ? ClusterClient.Connect(registry) : ClusterClient.Connect(silos[0].Gateway));
            return new SiloCluster(backend, silos, client);
        }
        catch
        {
            foreach (var silo in silos) await silo.DisposeAsync();
            await backend.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until every silo takes clients.</summary>
    public async Task WhenReady()
    {
        foreach (var silo in Silos) await silo.WhenReady();
    }

    /// <summary>The silo that holds a job's model, as far as the cluster knows.</summary>
    /// <returns>Null where nobody says.</returns>
    public async Task<KeptSilo?> FindModel(string job)
    {
        try
        {
            var address = await Client.Grains.GetGrain<IManagementGrain>(0).GetActivationAddress(Client.Grains.GetGrain<IModelGrain>(job)).AsTask().WaitAsync(Patience);
            return Silos.FirstOrDefault(silo => silo.SiloPort == address?.Endpoint.Port);
        }
        catch (Exception)
        {
            return null;
        }
    }

    /// <summary>Waits until the silo on a port is not counted among the living any more, or it has ended.</summary>
    public async Task WhenDead(int siloPort, TimeSpan within)
    {
        using var limit = new CancellationTokenSource(within);
        IReadOnlyList<SiloEntry>? living = null;
        while (!limit.IsCancellationRequested)
        {
            living = await Living();
            if (living is not null && !living.Any(entry => entry.Address.Contains($":{siloPort}:", StringComparison.Ordinal))) return;
            await Task.Delay(Glance);
        }

        throw new TimeoutException($"the silo on port {siloPort} was not called dead within {within}; last seen: {string.Join(", ", living ?? [])}");
    }

    public async ValueTask DisposeAsync()
    {
        // Together: a silo does not wait for one that is gone already.
        await Task.WhenAll(Silos.Select(static silo => silo.DisposeAsync().AsTask()));
        await Client.DisposeAsync();
        await backend.DisposeAsync();
    }

    private async Task<IReadOnlyList<SiloEntry>?> Living()
    {
        try
        {
            return await Client.Grains.GetGrain<ISiloDirectoryGrain>(0).List().WaitAsync(Patience);
        }
        catch (Exception)
        {
            return null;
        }
    }
}
