using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Basgd.Silo.Hosting.Clustering;

/// <summary>How silos find each other and notice that one is gone; section <c>Basgd:Cluster</c>.</summary>
public sealed class ClusteringOptions
{
    public const string Local = "local";
    public const string Redis = "redis";
    public const string Postgres = "postgres";

    /// <summary>local (this silo is the cluster), redis or postgres. Default: local.</summary>
    [AllowedValues(Local, Redis, Postgres)]
    public string Provider { get; set; } = Local;

    /// <summary><c>redis://user:password@host:port/database</c>, <c>postgres://user:password@host:port/database</c>, or what StackExchange.Redis or Npgsql takes. Default: none, it must be given unless the cluster is local.</summary>
    [PasswordPropertyText(true)]
    public string Connection { get; set; } = "";

    /// <summary>Name of the cluster; silos and clients of one name belong together. Default: basgd.</summary>
    [Required]
    public string ClusterId { get; set; } = "basgd";

    /// <summary>
    /// Whether silos are pods of one Kubernetes namespace and watch each other there, so that one whose pod is gone is declared
    /// dead at once, without waiting for probes. All silos of a cluster or none; each needs its pod's name and namespace in
    /// POD_NAME and POD_NAMESPACE, the labels orleans/clusterId and orleans/serviceId, and the right to get, list and watch
    /// pods. Default: false.
    /// </summary>
    public bool WatchPods { get; set; }

    /// <summary>
    /// How long a silo may take to answer another's probe: half of this where answers come at once, and up to four times where they
    /// have been slow. Three missed ones are a vote, and two votes (one, where only two silos are left) declare it dead; only
    /// then do its grains answer elsewhere. Measured with three silos, at 2 s: after SIGKILL its grains answer again after 2.5 s,
    /// for a closed connection fails a probe at once; at Orleans' 5 s it takes 6 to 7 s. A silo that hangs is noticed after a few
    /// tens of seconds, and meanwhile its callers get time-outs. Below 2 s a busy machine's silos suspect each other in vain.
    /// Default: 2 s.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.500", "00:01:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan ProbeTimeout { get; set; } = TimeSpan.FromSeconds(2);
}
