using System.Net;
using Basgd.Contracts;

namespace Basgd.Client.Clusters;

/// <summary>A cluster reached through Orleans gateways.</summary>
/// <param name="silo">The silo that was started for it; null where it was there before.</param>
/// <param name="state">Where a silo that restarts announces itself; null where the gateways are fixed.</param>
internal sealed class OrleansCluster(OrleansConnection connection, IReadOnlyList<IPEndPoint> gateways, LocalSilo? silo, string? state, Credentials credentials) : ICluster
{
    private OrleansConnection connection = connection;
    private IReadOnlyList<IPEndPoint> gateways = gateways;

    public IJobDirectoryGrain Jobs => Find<IJobDirectoryGrain>("server");

    public ISiloDirectoryGrain Silos => Find<ISiloDirectoryGrain>("server");

    public IWorkloadCatalogGrain Workloads => Find<IWorkloadCatalogGrain>("worker");

    public Action<SiloProgress>? Progress
    {
        get => silo?.Progress;
        set
        {
            if (silo is not null) silo.Progress = value;
        }
    }

    public ITrainingJobGrain Job(string name) => connection.Grains.GetGrain<ITrainingJobGrain>(name);

    public async Task Repair(CancellationToken cancellationToken)
    {
        if (silo is { HasExited: true }) throw new ClusterException($"the silo ended:\n{silo.LastWords}");
        if (silo is not null || state is null) return;
        if (await SiloAnnouncement.FindLive(state, cancellationToken) is not { } announced || gateways.Contains(announced.Endpoint)) return;
        try
        {
            var replacement = await OrleansConnection.Open([announced.Endpoint], ClusterTarget.DefaultClusterId, credentials, cancellationToken);
            (var old, connection, gateways) = (connection, replacement, [announced.Endpoint]);
            await old.DisposeAsync();
        }
        catch (ClusterException)
        {
            // Announced but not answering yet: whoever asks for repair asks again.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await connection.DisposeAsync();
        if (silo is not null) await silo.DisposeAsync();
    }

    /// <summary>The one grain of its kind. A cluster does not know grains whose silos never joined it.</summary>
    private T Find<T>(string role)
        where T : IGrainWithIntegerKey
    {
        try
        {
            return connection.Grains.GetGrain<T>(0);
        }
        catch (ArgumentException unknown)
        {
            throw new ClusterException($"no silo of the cluster has the role {role} or all", unknown);
        }
    }
}
