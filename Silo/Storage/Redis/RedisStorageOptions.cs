using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Basgd.Silo.Storage;

/// <summary>Grain state in Redis; section <c>Basgd:Storage:Redis</c>. What Redis acknowledges is as durable as its own settings make it: <c>appendonly yes</c>, and no eviction.</summary>
public sealed class RedisStorageOptions
{
    /// <summary><c>redis://user:password@host:port/database</c>, <c>rediss://</c> for TLS, or what StackExchange.Redis takes. Default: none, it must be given.</summary>
    [Required, PasswordPropertyText(true)]
    public string Connection { get; set; } = "";

    /// <summary>What every key begins with; different for clusters that share a server. Default: basgd.</summary>
    [Required, RegularExpression("[^{}]+", ErrorMessage = "must have no braces")]
    public string KeyPrefix { get; set; } = "basgd";
}
