using System.ComponentModel.DataAnnotations;

namespace Basgd.Silo.Storage;

/// <summary>Grain state as files.</summary>
public sealed class FileStorageOptions
{
    /// <summary>Directory that holds the blobs. Default: none, it must be given.</summary>
    [Required]
    public string Directory { get; set; } = "";

    /// <summary>Versions kept of each blob, to fall back to when the newest is damaged; 1 … 100. Default: 2.</summary>
    [Range(1, 100)]
    public int CheckpointsKept { get; set; } = 2;

    /// <summary>Whether a write reaches the disk before it counts. Without, a power cut may lose what was reported durable. Default: true.</summary>
    public bool Fsync { get; set; } = true;
}
