using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Basgd.Grains.Hosting;

namespace Basgd.Silo.Hosting.Clustering;

/// <summary>How silos find each other and notice that one is gone; section <c>Basgd:Cluster</c>.</summary>
[OptionsSection("Basgd:Cluster")]
public sealed class ClusteringOptions
{
    public const string Local = "local";
    public const string Redis = "redis";
    public const string Postgres = "postgres";

    [Description("Where silos register: `local` (nowhere: this silo is the cluster), `redis`, `postgres`.")]
    [AllowedValues(Local, Redis, Postgres)]
    public string Provider { get; set; } = Local;

    [Description(
        "`redis://user:password@host:port/database`, `rediss://…` with TLS, `postgres://user:password@host:port/database?option=value`, or a "
        + "connection string of StackExchange.Redis or Npgsql. The tables in PostgreSQL are made if they are missing.")]
    [PasswordPropertyText(true)]
    public string Connection { get; set; } = "";

    [Description("Silos and clients of one name belong together.")]
    [Required]
    public string ClusterId { get; set; } = "basgd";

    [Description(
        "Whether silos are pods of one Kubernetes namespace and watch each other there: one whose pod is gone is declared dead at once. All silos "
        + "of a cluster or none; what each needs is in [deploy.md](deploy.md).")]
    public bool WatchPods { get; set; }

    [Description(
        "How long a silo may take to answer another's probe, from 0.5 s to 1 min. A longer one makes a silo that hangs noticed later; below 2 s "
        + "the silos of a busy machine suspect each other in vain.")]
    [Range(typeof(TimeSpan), "00:00:00.500", "00:01:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan ProbeTimeout { get; set; } = TimeSpan.FromSeconds(2);
}
