using System.ComponentModel.DataAnnotations;

namespace Basgd.Silo.Storage;

/// <summary>Grain state as files.</summary>
public sealed class FileStorageOptions
{
    private const int MostKept = 100;

    /// <summary>Directory that holds the blobs. Default: none, it must be given.</summary>
    public string Directory { get; set; } = "";

    /// <summary>Versions kept of each blob, to fall back to when the newest is damaged; 1 … 100. Default: 2.</summary>
    public int CheckpointsKept { get; set; } = 2;

    /// <summary>Whether a write reaches the disk before it counts. Without, a power cut may lose what was reported durable. Default: true.</summary>
    public bool Fsync { get; set; } = true;

    /// <exception cref="ValidationException">An option breaks its rule; the message names option, value and rule.</exception>
    public void Validate()
    {
        if (string.IsNullOrWhiteSpace(Directory)) throw new ValidationException($"{nameof(Directory)} = '{Directory}': must name a directory");
        if (CheckpointsKept is < 1 or > MostKept) throw new ValidationException($"{nameof(CheckpointsKept)} = {CheckpointsKept}: must be 1 … {MostKept}");
    }
}
