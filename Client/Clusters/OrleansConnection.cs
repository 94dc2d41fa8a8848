using System.Net;
using Basgd.Contracts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;

namespace Basgd.Client.Clusters;

/// <summary>An Orleans client, connected.</summary>
internal sealed class OrleansConnection : IAsyncDisposable
{
    /// <summary>How soon a silo that is gone is not tried any more.</summary>
    private static readonly TimeSpan RefreshPeriod = TimeSpan.FromSeconds(5);

    private readonly ServiceProvider services;
    private readonly IHostedService[] parts;

    private OrleansConnection(ServiceProvider services)
    {
        this.services = services;
        parts = [.. services.GetServices<IHostedService>()];
        Grains = services.GetRequiredService<IClusterClient>();
    }

    public IGrainFactory Grains { get; }

    /// <param name="gateways">Silos to connect to.</param>
    /// <exception cref="ClusterException">No silo of the cluster answers at the gateways.</exception>
    public static Task<OrleansConnection> Open(IReadOnlyList<IPEndPoint> gateways, string clusterId, CancellationToken cancellationToken) =>
        Open(client => client.UseStaticClustering([.. gateways]), string.Join(", ", gateways), clusterId, cancellationToken);

    /// <param name="address">Where silos register: <c>redis://…</c> or <c>postgres://…</c>.</param>
    /// <exception cref="ClusterException">It cannot be reached, or no silo of the cluster that is registered there answers.</exception>
    public static Task<OrleansConnection> Open(string address, string clusterId, CancellationToken cancellationToken) =>
        Open(client => UseRegistry(client, address), ClusterTarget.Shown(address), clusterId, cancellationToken);

    private static void UseRegistry(IClientBuilder client, string address)
    {
        if (ClusterAddress.IsRedis(address))
        {
            client.UseRedisClustering(ClusterAddress.Redis(address));
        }
        else
        {
            client.UseAdoNetClustering(postgres =>
            {
                postgres.Invariant = "Npgsql";
                postgres.ConnectionString = ClusterAddress.Postgres(address);
            });
        }

        client.Configure<GatewayOptions>(static options => options.GatewayListRefreshPeriod = RefreshPeriod);
    }

    private static async Task<OrleansConnection> Open(Action<IClientBuilder> find, string shown, string clusterId, CancellationToken cancellationToken)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddOrleansClient(client =>
        {
            find(client);
            client.Configure<ClusterOptions>(options => options.ClusterId = options.ServiceId = clusterId);
        });
        var connection = new OrleansConnection(services.BuildServiceProvider());
        try
        {
            foreach (var part in connection.parts) await part.StartAsync(cancellationToken);
            return connection;
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            await connection.services.DisposeAsync();
            throw new ClusterException($"no basgd silo answers at {shown} ({failure.Message})", failure);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var part in parts.Reverse()) await part.StopAsync(CancellationToken.None);
        await services.DisposeAsync();
    }
}
