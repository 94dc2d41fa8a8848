using System.Buffers;

namespace Basgd.Silo.Storage;

/// <summary>A store that is only read: a damaged version is passed over, and stays where it is.</summary>
internal sealed class ReadOnlyBlobs(IBlobStore blobs) : IBlobStore
{
    /// <inheritdoc/>
    public int VersionsKept => blobs.VersionsKept;

    /// <inheritdoc/>
    public Task<Blob?> Read(string name, int back) => blobs.Read(name, back);

    /// <inheritdoc/>
    public Task<string> FallBack(string name, int back, string? eTag) => Task.FromResult(eTag ?? "");

    /// <inheritdoc/>
    public Task<string> Write(string name, ReadOnlySequence<byte> content, string? eTag) => throw new NotSupportedException();

    /// <inheritdoc/>
    public Task Delete(string name, string? eTag) => throw new NotSupportedException();
}
