using System.Net;
using Basgd.Contracts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;

namespace Basgd.Cluster.Tests.Processes;

/// <summary>An Orleans client of some silos.</summary>
internal sealed class ClusterClient : IAsyncDisposable
{
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(20);

    /// <summary>How soon a gateway that was gone is tried again.</summary>
    private static readonly TimeSpan RefreshPeriod = TimeSpan.FromSeconds(1);

    /// <summary>Which grains there are is asked once: a silo that is about to end counts its own no more, and the one in its place may count versions anew.</summary>
    private static readonly TimeSpan LearningPeriod = TimeSpan.FromDays(1);
    private static readonly TimeSpan JoiningTime = TimeSpan.FromMinutes(1);

    private readonly IHost host;

    private ClusterClient(IHost host) => this.host = host;

    /// <param name="gateways">Ports on this machine.</param>
    public static Task<ClusterClient> Connect(params int[] gateways) =>
        Connect(client => client.UseStaticClustering([.. gateways.Select(static port => new IPEndPoint(IPAddress.Loopback, port))]));

    /// <param name="registry">Where silos register, as <c>basgd --cluster</c> takes it: who is called dead there is not asked any more.</param>
    public static Task<ClusterClient> Connect(string registry) => Connect(client =>
    {
        if (ClusterAddress.IsRedis(registry))
        {
            client.UseRedisClustering(ClusterAddress.Redis(registry));
        }
        else
        {
            client.UseAdoNetClustering(postgres =>
            {
                postgres.Invariant = "Npgsql";
                postgres.ConnectionString = ClusterAddress.Postgres(registry);
            });
        }
    });

    private static async Task<ClusterClient> Connect(Action<IClientBuilder> find)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.UseOrleansClient(client =>
        {
            find(client);
            client.Configure<GatewayOptions>(static options => options.GatewayListRefreshPeriod = RefreshPeriod);
            client.Configure<TypeManagementOptions>(static options => options.TypeMapRefreshInterval = LearningPeriod);
            client.Configure<ClusterOptions>(options => options.ClusterId = options.ServiceId = "basgd");
        });
        var host = builder.Build();
        await host.StartAsync();
        return new ClusterClient(host);
    }

    public IGrainFactory Grains => host.Services.GetRequiredService<IClusterClient>();

    public ITrainingJobGrain Job(string name) => Grains.GetGrain<ITrainingJobGrain>(name);

    /// <summary>Connects until the silo that is come to has heard of one that holds jobs.</summary>
    /// <param name="connect">To the cluster.</param>
    public static async Task<ClusterClient> Meet(Func<Task<ClusterClient>> connect)
    {
        using var limit = new CancellationTokenSource(JoiningTime);
        while (true)
        {
            var client = await connect();
            try
            {
                client.Job("any");
                return client;
            }
            catch (ArgumentException) when (!limit.IsCancellationRequested)
            {
                await client.DisposeAsync();
                await Task.Delay(Glance);
            }
        }
    }

    /// <summary>Looks at a job again and again until it is there and as wanted.</summary>
    /// <exception cref="TimeoutException">It never was; the message has the last look.</exception>
    public async Task<JobStatus> Until(string name, Func<JobStatus, bool> wanted, TimeSpan within)
    {
        using var limit = new CancellationTokenSource(within);
        JobStatus? status = null;
        try
        {
            while (true)
            {
                status = await Look(name).WaitAsync(limit.Token);
                if (status is not null && wanted(status)) return status;
                await Task.Delay(Glance, limit.Token);
            }
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"{name} was not as wanted within {within}; last seen: {status}");
        }
    }

    /// <returns>Null where there is no such job yet.</returns>
    private async Task<JobStatus?> Look(string name)
    {
        try
        {
            return await Job(name).GetStatus();
        }
        catch (JobRefusedException)
        {
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        // The silo may be gone for good: nobody is left to say goodbye to.
        await host.StopAsync(new CancellationToken(canceled: true)).ContinueWith(static _ => { }, TaskScheduler.Default);
        host.Dispose();
    }
}
