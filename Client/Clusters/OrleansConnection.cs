using System.Diagnostics;
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

    /// <summary>How soon the client knows what its silo has come to know of the others.</summary>
    private static readonly TimeSpan LearningPeriod = TimeSpan.FromSeconds(1);

    /// <summary>For a silo that holds jobs to join, or to be heard of.</summary>
    private static readonly TimeSpan JoiningTime = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(50);

    /// <summary>For another silo to let the client in, after one did not.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

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
    /// <exception cref="ClusterException">No silo of the cluster answers at the gateways, or none of the cluster holds jobs.</exception>
    public static Task<OrleansConnection> Open(IReadOnlyList<IPEndPoint> gateways, string clusterId, Credentials credentials, CancellationToken cancellationToken) =>
        Open(client => client.UseStaticClustering([.. gateways]), string.Join(", ", gateways), clusterId, credentials, cancellationToken);

    /// <param name="address">Where silos register: <c>redis://…</c> or <c>postgres://…</c>.</param>
    /// <exception cref="ClusterException">It cannot be reached, no silo of the cluster that is registered there answers, or none of the cluster holds jobs.</exception>
    public static Task<OrleansConnection> Open(string address, string clusterId, Credentials credentials, CancellationToken cancellationToken) =>
        Open(client => UseRegistry(client, address), ClusterTarget.Shown(address), clusterId, credentials, cancellationToken);

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

    private static async Task<OrleansConnection> Open(Action<IClientBuilder> find, string shown, string clusterId, Credentials credentials, CancellationToken cancellationToken)
    {
        var services = new ServiceCollection();
        var failed = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        services.AddLogging();
        services.AddOrleansClient(client =>
        {
            find(client);
            credentials.AddTo(client, reason => failed.TrySetResult(reason));
            client.Configure<ClusterOptions>(options => options.ClusterId = options.ServiceId = clusterId);
            client.Configure<TypeManagementOptions>(static options => options.TypeMapRefreshInterval = LearningPeriod);
        });
        var connection = new OrleansConnection(services.BuildServiceProvider());
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            // Orleans asks again and again; whoever is not let in should hear of it.
            var start = connection.Start(limited.Token);
            if (await Task.WhenAny(start, failed.Task) == failed.Task) await start.WaitAsync(Patience, cancellationToken);
            await start;
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            await limited.CancelAsync();
            await connection.services.DisposeAsync();
            throw new ClusterException(
                failed.Task.IsCompletedSuccessfully
                    ? $"no basgd silo at {shown} lets this client in ({await failed.Task}){credentials.Hint}"
                    : $"no basgd silo answers at {shown} ({failure.Message})",
                failure);
        }

        try
        {
            await connection.MeetServers(cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>A cluster does not know grains whose silos never joined it, and hears of those that do one by one.</summary>
    private async Task MeetServers(CancellationToken cancellationToken)
    {
        for (var began = Stopwatch.GetTimestamp(); ; await Task.Delay(Glance, cancellationToken))
        {
            try
            {
                Grains.GetGrain<IJobDirectoryGrain>(0);
                return;
            }
            catch (ArgumentException unknown)
            {
                if (Stopwatch.GetElapsedTime(began) > JoiningTime) throw new ClusterException("no silo of the cluster has the role server or all", unknown);
            }
        }
    }

    private async Task Start(CancellationToken cancellationToken)
    {
        foreach (var part in parts) await part.StartAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var part in parts.Reverse()) await part.StopAsync(CancellationToken.None);
        await services.DisposeAsync();
    }
}
