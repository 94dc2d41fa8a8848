using System.Net;
using Basgd.Contracts.Connections;
using Basgd.Grains;
using Basgd.Silo.Hosting.Access;
using Basgd.Silo.Hosting.Clustering;
using Basgd.Silo.Hosting.Configuration;
using Basgd.Silo.Page;
using Basgd.Silo.Storage;
using Basgd.Silo.Telemetry;
using Microsoft.Extensions.Options;

namespace Basgd.Silo.Hosting;

/// <summary>What a silo is made of, read from its configuration and checked.</summary>
/// <param name="Storage">Null for a silo that holds no state.</param>
internal sealed record SiloSettings(
    SiloOptions Silo, ClusteringOptions Cluster, SiloStorage? Storage, TelemetryOptions Telemetry, PageOptions Page, AccessOptions Access, TlsFiles? Tls, WorkerOptions Worker)
{
    public const string Section = "Basgd:Silo";

    public IPAddress Address { get; } = Silo.Resolve();

    /// <summary>What all ports listen on.</summary>
    public IPAddress Listening { get; } = Silo.Listening();

    public Secrets Secrets => new([Cluster.Connection, Storage?.Secret ?? "", Telemetry.OtlpHeaders ?? "", Page.Token ?? "", .. Access.Act, .. Access.Look]);

    /// <param name="wrong">What is wrong with the command line.</param>
    /// <exception cref="OptionsValidationException">Options break their rules, or are unknown; the message has a line for each.</exception>
    public static SiloSettings Read(IConfiguration configuration, params IEnumerable<string> wrong)
    {
        var read = new CheckedOptions(configuration, [.. wrong, .. UnknownOptions.Refuse(configuration, OptionCatalog.Silo)]);
        var silo = read.Get<SiloOptions>(Section);
        var page = read.Get<PageOptions>("Basgd:Page");
        var cluster = read.Get<ClusteringOptions>(SiloClustering.Section);
        SiloClustering.Check(read, cluster);
        var storage = SiloRole.HoldsState(silo.Role) ? SiloStorage.Open(read, silo.State, isShared: cluster.Provider != ClusteringOptions.Local) : null;
        if (silo.Role != SiloRole.All && cluster.Provider == ClusteringOptions.Local)
            read.Refuse(silo, Section, nameof(silo.Role), $"must be {SiloRole.All} where {SiloClustering.Section}:{nameof(cluster.Provider)} is {ClusteringOptions.Local}, for there is no other silo");

        var access = read.Get<AccessOptions>(AccessOptions.Section);
        var tls = read.Get<TlsOptions>(TlsOptions.Section);
        var telemetry = read.Get<TelemetryOptions>(SiloTelemetry.Section);

        // Bound again by the host; checked here so that nothing starts on a wrong one.
        var worker = read.Get<WorkerOptions>("Basgd:Worker");
        read.Get<JobOptions>("Basgd:Job");
        read.ThrowIfWrong();
        return new SiloSettings(silo, cluster, storage, telemetry, page, access, tls.Files, worker);
    }
}
