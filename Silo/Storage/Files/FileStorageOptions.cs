namespace Basgd.Silo.Storage;

/// <summary>Grain state as files; section <c>Basgd:Storage:File</c>.</summary>
public sealed class FileStorageOptions
{
    /// <summary>Directory that holds the files. Default: grains, in the state directory.</summary>
    public string? Directory { get; set; }

    /// <summary>Whether a write reaches the disk before it counts. Without, a power cut may lose what was reported durable. Default: true.</summary>
    public bool Fsync { get; set; } = true;
}
