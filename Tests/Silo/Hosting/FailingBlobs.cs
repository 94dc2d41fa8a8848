using System.Buffers;
using Basgd.Silo.Storage;

namespace Basgd.Silo.Tests.Hosting;

/// <summary>Storage in memory that fails where it is asked to.</summary>
internal sealed class FailingBlobs : IBlobStore
{
    private readonly MemoryBlobStore blobs = new();
    private volatile string? failing;
    private volatile Exception? failure;
    private int failures;

    public int VersionsKept => blobs.VersionsKept;

    public int Failures => Volatile.Read(ref failures);

    /// <summary>Writes of blobs whose names begin so fail from now on, before anything is written.</summary>
    /// <param name="cause">What they fail with; an IOException by default.</param>
    public void Fail(string start, Exception? cause = null) => (failure, failing) = (cause, start);

    public void Mend() => failing = null;

    public Task<Blob?> Read(string name, int back) => blobs.Read(name, back);

    public Task<string> Write(string name, ReadOnlySequence<byte> content, string? eTag)
    {
        if (failing is not { } start || !name.StartsWith(start, StringComparison.Ordinal)) return blobs.Write(name, content, eTag);
        Interlocked.Increment(ref failures);
        throw failure ?? new IOException($"{name} cannot be written");
    }

    public Task<string> FallBack(string name, int back, string? eTag) => blobs.FallBack(name, back, eTag);

    public Task Delete(string name, string? eTag) => blobs.Delete(name, eTag);
}
