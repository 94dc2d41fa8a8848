using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;

namespace Basgd.Client.Clusters;

/// <summary>An Orleans client, connected.</summary>
internal sealed class OrleansConnection : IAsyncDisposable
{
    private readonly ServiceProvider services;
    private readonly IHostedService[] parts;

    private OrleansConnection(ServiceProvider services)
    {
        this.services = services;
        parts = [.. services.GetServices<IHostedService>()];
        Grains = services.GetRequiredService<IClusterClient>();
    }

    public IGrainFactory Grains { get; }

    /// <exception cref="ClusterException">No silo of the cluster answers at the gateways.</exception>
    public static async Task<OrleansConnection> Open(IReadOnlyList<IPEndPoint> gateways, CancellationToken cancellationToken)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddOrleansClient(client =>
        {
            client.UseStaticClustering([.. gateways]);
            client.Configure<ClusterOptions>(static options => options.ClusterId = options.ServiceId = "basgd");
        });
        var connection = new OrleansConnection(services.BuildServiceProvider());
        try
        {
            foreach (var part in connection.parts) await part.StartAsync(cancellationToken);
            return connection;
        }
        catch (Exception failure) when (failure is OrleansException or TimeoutException)
        {
            await connection.services.DisposeAsync();
            throw new ClusterException($"no basgd silo answers at {string.Join(", ", gateways)} ({failure.Message})", failure);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var part in parts.Reverse()) await part.StopAsync(CancellationToken.None);
        await services.DisposeAsync();
    }
}
