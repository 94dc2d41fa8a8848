using System.ComponentModel.DataAnnotations;

namespace Basgd.Silo.Storage;

/// <summary>Where grains keep their state; section <c>Basgd:Storage</c>. Only the section of the chosen provider is looked at.</summary>
public sealed class StorageOptions
{
    public const string File = "file";
    public const string Redis = "redis";
    public const string Postgres = "postgres";
    public const string AzureBlob = "azure-blob";

    /// <summary>file, redis, postgres or azure-blob. Files are for a cluster of one server silo. Default: file.</summary>
    [AllowedValues(File, Redis, Postgres, AzureBlob)]
    public string Provider { get; set; } = File;

    /// <summary>Versions kept of each state, to fall back to when the newest is damaged; 1 … 100. Default: 2.</summary>
    [Range(1, 100)]
    public int CheckpointsKept { get; set; } = 2;
}
