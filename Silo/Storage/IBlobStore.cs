using System.Buffers;

namespace Basgd.Silo.Storage;

/// <summary>
/// Named blobs whose writes are guarded by an ETag and which keep their last versions: what a grain storage needs of a file
/// system, a database or an object store.
/// </summary>
public interface IBlobStore
{
    /// <summary>Versions kept of each blob, the newest among them; at least 1.</summary>
    int VersionsKept { get; }

    /// <summary>A version of the blob.</summary>
    /// <param name="name">Relative, with '/' between folders.</param>
    /// <param name="back">0 for the newest, 1 for the one before it, … <see cref="VersionsKept"/> − 1.</param>
    /// <returns>Null where there is none.</returns>
    Task<Blob?> Read(string name, int back);

    /// <summary>Writes a new version, durable when this returns. The content may be reused then.</summary>
    /// <param name="eTag">The newest version, which this one follows; null where there must be none.</param>
    /// <returns>The new version's ETag.</returns>
    /// <exception cref="BlobConflictException">Another version is there; nothing was written.</exception>
    /// <exception cref="BlobTooLargeException">The store cannot hold so much; nothing was written.</exception>
    Task<string> Write(string name, ReadOnlySequence<byte> content, string? eTag);

    /// <summary>Makes an older version the newest one again, so that no later write pushes it out. The damaged one is kept apart.</summary>
    /// <param name="back">Which one; 1 or more.</param>
    /// <param name="eTag">The newest version, which is to give way; null where there is none.</param>
    /// <returns>Its ETag from now on.</returns>
    /// <exception cref="BlobConflictException">Another version is there; nothing was changed.</exception>
    Task<string> FallBack(string name, int back, string? eTag);

    /// <summary>Removes every version.</summary>
    /// <exception cref="BlobConflictException">Another version is there; nothing was removed.</exception>
    Task Delete(string name, string? eTag);
}

/// <summary>Blobs that lie in one block.</summary>
public static class BlobStores
{
    /// <inheritdoc cref="IBlobStore.Write"/>
    public static Task<string> Write(this IBlobStore blobs, string name, ReadOnlyMemory<byte> content, string? eTag) =>
        blobs.Write(name, new ReadOnlySequence<byte>(content), eTag);
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

/// <summary>A blob is larger than its store can hold.</summary>
public sealed class BlobTooLargeException(string name, long bytes, string store, long limit)
    : Exception($"{name} has {bytes:N0} bytes, more than the {limit:N0} that a value in {store} can have. Keep large models in files or in Azure Blob Storage.")
{
    /// <exception cref="BlobTooLargeException">It is too large.</exception>
    public static void ThrowIfTooLarge(string name, long bytes, string store, long limit)
    {
        if (bytes > limit) throw new BlobTooLargeException(name, bytes, store, limit);
    }
}
