using System.Diagnostics;
using System.Net;
using Basgd.Contracts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using StackExchange.Redis;

namespace Basgd.Client.Clusters;

/// <summary>An Orleans client, connected.</summary>
internal sealed class OrleansConnection : IAsyncDisposable
{
    /// <summary>How soon a silo that is gone is not tried any more.</summary>
    private static readonly TimeSpan RefreshPeriod = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Which grains there are is asked once. A silo that is about to end counts its own no more, and the one in its place may count
    /// versions anew: whoever asked in between would not hear of them again.
    /// </summary>
    private static readonly TimeSpan LearningPeriod = TimeSpan.FromDays(1);

    /// <summary>For a silo that holds jobs to join, or to be heard of by the one that is asked.</summary>
    private static readonly TimeSpan JoiningTime = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

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
    /// <param name="life">Ends calls when the silo is gone; null if there may be others.</param>
    public static Task<OrleansConnection> Open(IReadOnlyList<IPEndPoint> gateways, string clusterId, Credentials credentials, SiloLife? life, CancellationToken cancellationToken) =>
        Open(
            client =>
            {
                client.UseStaticClustering([.. gateways]);
                if (life is not null) client.AddOutgoingGrainCallFilter(life);
            },
            string.Join(", ", gateways),
            clusterId,
            credentials,
            cancellationToken);

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

    /// <summary>A silo knows its own grains, and hears of others' one by one as they join: so does a client from the silo that it comes to.</summary>
    private static async Task<OrleansConnection> Open(Action<IClientBuilder> find, string shown, string clusterId, Credentials credentials, CancellationToken cancellationToken)
    {
        for (var began = Stopwatch.GetTimestamp(); ; await Task.Delay(Pause, cancellationToken))
        {
            var connection = await Connect(find, shown, clusterId, credentials, cancellationToken);
            try
            {
                connection.Grains.GetGrain<IJobDirectoryGrain>(0);
                return connection;
            }
            catch (ArgumentException unknown)
            {
                await connection.DisposeAsync();
                if (Stopwatch.GetElapsedTime(began) > JoiningTime) throw new ClusterException("no silo of the cluster has the role server or all", unknown);
            }
        }
    }

    private static async Task<OrleansConnection> Connect(Action<IClientBuilder> find, string shown, string clusterId, Credentials credentials, CancellationToken cancellationToken)
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
            return connection;
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            await limited.CancelAsync();
            await connection.services.DisposeAsync();
            throw new ClusterException(
                failed.Task.IsCompletedSuccessfully
                    ? $"no basgd silo at {shown} lets this client in ({await failed.Task}){credentials.Hint}"
                    : $"no basgd silo answers at {shown} ({Reason(failure)})",
                failure);
        }
    }

    /// <summary>What Redis' client says is for programmers, but for the cause in it.</summary>
    private static string Reason(Exception failure) => failure is RedisConnectionException ? failure.InnerException?.Message ?? "Redis cannot be reached" : failure.Message;

    /// <summary>The one grain of its kind. A cluster does not know grains whose silos never joined it.</summary>
    /// <exception cref="ClusterException">No silo of the cluster has grains of that kind.</exception>
    public T Find<T>(string role)
        where T : IGrainWithIntegerKey
    {
        try
        {
            return Grains.GetGrain<T>(0);
        }
        catch (ArgumentException unknown)
        {
            throw new ClusterException($"no silo of the cluster has the role {role} or all", unknown);
        }
    }

    private async Task Start(CancellationToken cancellationToken)
    {
        foreach (var part in parts) await part.StartAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            foreach (var part in parts.Reverse()) await part.StopAsync(CancellationToken.None);
        }
        catch (Exception gone) when (gone is OrleansException or TimeoutException or OperationCanceledException)
        {
            // There is nobody left to say goodbye to.
        }

        await services.DisposeAsync();
    }
}
