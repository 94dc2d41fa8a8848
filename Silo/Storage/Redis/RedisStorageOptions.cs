using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Basgd.Grains.Hosting;

namespace Basgd.Silo.Storage;

/// <summary>Grain state in Redis; section <c>Basgd:Storage:Redis</c>. What Redis acknowledges is as durable as its own settings make it: <c>appendonly yes</c>, and no eviction.</summary>
[OptionsSection("Basgd:Storage:Redis")]
public sealed class RedisStorageOptions
{
    [Description("As for the cluster. At most 512 MiB a model. As durable as the server: give it `appendonly yes` and no eviction.")]
    [Required, PasswordPropertyText(true)]
    public string Connection { get; set; } = "";

    [Description("What keys begin with; different for clusters that share a server.")]
    [Required, RegularExpression("[^{}]+", ErrorMessage = "must have no braces")]
    public string KeyPrefix { get; set; } = "basgd";
}
