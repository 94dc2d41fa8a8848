using System.Net;
using Basgd.Silo.Storage;
using Orleans.Configuration;
using Orleans.Runtime.MembershipService.SiloMetadata;

namespace Basgd.Silo.Hosting.Clustering;

/// <summary>Joins a silo to its cluster.</summary>
internal static class SiloClustering
{
    public const string Section = "Basgd:Cluster";

    private const string PodName = "POD_NAME";
    private const string PodNamespace = "POD_NAMESPACE";

    /// <summary>Missed probes that make a vote; Orleans' default.</summary>
    private const int MissedProbes = 3;

    /// <summary>Checks what attributes cannot say.</summary>
    public static void Check(CheckedOptions read, ClusteringOptions options)
    {
        if (options.Provider == ClusteringOptions.Local)
        {
            if (options.WatchPods) read.Refuse(options, Section, nameof(options.WatchPods), $"must be False where {Section}:{nameof(options.Provider)} is {ClusteringOptions.Local}, for there is no other silo");
            return;
        }

        if (options.WatchPods && !(read.Has(PodName) && read.Has(PodNamespace))) read.Refuse(options, Section, nameof(options.WatchPods), $"must be False outside Kubernetes; in a pod {PodName} and {PodNamespace} say which it is");
        if (options.Connection.Length == 0) read.Refuse(options, Section, nameof(options.Connection), $"must be given where {Section}:{nameof(options.Provider)} is {options.Provider}");
        else read.Try(options, Section, nameof(options.Connection), () => _ = options.Provider == ClusteringOptions.Redis ? (object)RedisConnection.Configure(options.Connection) : PostgresConnection.Configure(options.Connection));
    }

    public static void UseClustering(this ISiloBuilder silo, ClusteringOptions options, SiloOptions own, IPEndPoint siloEndpoint, int gateway, IPAddress listening)
    {
        switch (options.Provider)
        {
            case ClusteringOptions.Local:
                silo.UseLocalhostClustering(siloEndpoint.Port, gateway, primarySiloEndpoint: null, options.ClusterId, options.ClusterId);
                break;

            case ClusteringOptions.Redis:
                silo.UseRedisClustering(redis => redis.ConfigurationOptions = RedisConnection.Configure(options.Connection));
                break;

            case ClusteringOptions.Postgres:
                silo.UseAdoNetClustering(postgres =>
                {
                    postgres.Invariant = "Npgsql";
                    postgres.ConnectionString = PostgresConnection.Configure(options.Connection).ConnectionString;
                });
                break;
        }

        if (options.WatchPods) silo.UseKubernetesHosting();
        silo.Configure<ClusterOptions>(cluster => cluster.ClusterId = cluster.ServiceId = options.ClusterId);
        silo.Configure<EndpointOptions>(endpoint =>
        {
            endpoint.AdvertisedIPAddress = siloEndpoint.Address;
            endpoint.SiloPort = siloEndpoint.Port;
            endpoint.GatewayPort = gateway;
            endpoint.SiloListeningEndpoint = new IPEndPoint(listening, siloEndpoint.Port);
            endpoint.GatewayListeningEndpoint = new IPEndPoint(listening, gateway);
        });
        silo.UseSiloMetadata(new Dictionary<string, string> { [Grains.SiloDirectoryGrain.RoleKey] = own.Role });
        if (options.Provider == ClusteringOptions.Local) return;

        silo.Configure<ClusterMembershipOptions>(membership =>
        {
            // By itself Orleans probes half as often until four probes are answered, and two silos that have not known a third for
            // as long see that it was killed a ProbeTimeout later, or more.
            membership.MinProbeTimeout = membership.ProbeTimeout = options.ProbeTimeout / 2;
            membership.NumMissedProbesLimit = MissedProbes;
            membership.MaxProbeTimeout = 4 * options.ProbeTimeout;

            // A silo that starts waits for every one that the table calls active to answer or to fall silent, which is three of
            // these: at Orleans' 30 s a cluster that was killed as a whole stands still for a minute and a half.
            membership.IAmAliveTablePublishTimeout = 2 * options.ProbeTimeout;

            // A silo that hung until it was called dead and goes on then learns of that from the table alone. At Orleans' 60 s its grains
            // and workers train beside those that took their place for as long, and now and then its storage writes come first.
            membership.TableRefreshTimeout = MissedProbes * options.ProbeTimeout;
        });

        // The default directory makes a killed silo cost grains on healthy ones their state in memory. This one holds a dead silo's
        // range of it until a lease is over that was granted for as long as the silo may have been undetected, and it is known
        // dead after MaxProbeTimeout × MissedProbes at most: a lease of just that length is over by then.
#pragma warning disable ORLEANSEXP003
        silo.AddDistributedGrainDirectory();
#pragma warning restore ORLEANSEXP003
        silo.Configure<GrainDirectoryOptions>(directory => directory.RangeLeaseDuration = 4 * MissedProbes * options.ProbeTimeout);
    }
}
