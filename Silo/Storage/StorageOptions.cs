using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Basgd.Grains.Hosting;

namespace Basgd.Silo.Storage;

/// <summary>Where grains keep their state; section <c>Basgd:Storage</c>. Only the section of the chosen provider is looked at.</summary>
[OptionsSection("Basgd:Storage")]
public sealed class StorageOptions
{
    public const string File = "file";
    public const string Redis = "redis";
    public const string Postgres = "postgres";
    public const string AzureBlob = "azure-blob";

    [Description("`file`, `redis`, `postgres` or `azure-blob`. Files are for a cluster of one server silo.")]
    [AllowedValues(File, Redis, Postgres, AzureBlob)]
    public string Provider { get; set; } = File;

    [Description(
        "Versions kept of each state, 1 … 100. A damaged newest one falls back to the one before it, with an error in the log; it stays beside it, "
        + "marked `damaged`.")]
    [Range(1, 100)]
    public int CheckpointsKept { get; set; } = 2;
}
