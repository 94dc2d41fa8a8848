namespace Basgd.Silo.Storage;

/// <summary>Named blobs whose writes are guarded by an ETag. What a grain storage needs of a file system or of Azure Blob.</summary>
public interface IBlobStore
{
    /// <summary>The blob's newest version, or an older one.</summary>
    /// <param name="name">Relative, with '/' between folders.</param>
    /// <param name="back">0 for the newest, 1 for the one before it, and so on.</param>
    /// <returns>Null where there is none.</returns>
    Task<Blob?> Read(string name, int back);

    /// <summary>Writes a new version, durable when this returns, and keeps some older ones.</summary>
    /// <param name="eTag">The version this one replaces; null where there must be none.</param>
    /// <returns>The new version's ETag.</returns>
    /// <exception cref="BlobConflictException">Another version is there; nothing was written.</exception>
    Task<string> Write(string name, ReadOnlyMemory<byte> content, string? eTag);

    /// <summary>Removes every version.</summary>
    /// <exception cref="BlobConflictException">Another version is there; nothing was removed.</exception>
    Task Delete(string name, string? eTag);
}

/// <param name="ETag">Names this version.</param>
public sealed record Blob(ReadOnlyMemory<byte> Content, string ETag);

/// <summary>A blob is not at the version that the caller knows.</summary>
/// <param name="found">The ETag that is there; null for none.</param>
public sealed class BlobConflictException(string name, string? expected, string? found)
    : Exception($"{name} is at version {found ?? "none"}, not {expected ?? "none"}")
{
    public string? Found => found;
}
