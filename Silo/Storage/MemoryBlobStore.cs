using System.Buffers;

namespace Basgd.Silo.Storage;

/// <summary>Blobs that die with the process: for tests.</summary>
public sealed class MemoryBlobStore(int versionsKept = 2) : IBlobStore
{
    private readonly Lock gate = new();

    /// <summary>Versions by name, the newest first.</summary>
    private readonly Dictionary<string, List<Blob>> blobs = [];

    /// <inheritdoc/>
    public int VersionsKept => versionsKept;

    /// <inheritdoc/>
    public Task<Blob?> Read(string name, int back)
    {
        lock (gate) return Task.FromResult(blobs.GetValueOrDefault(name)?.ElementAtOrDefault(back));
    }

    /// <inheritdoc/>
    public Task<string> Write(string name, ReadOnlySequence<byte> content, string? eTag)
    {
        lock (gate)
        {
            var versions = Require(name, eTag);
            var next = new Blob(content.ToArray(), Guid.NewGuid().ToString("N"));
            versions.Insert(0, next);
            if (versions.Count > versionsKept) versions.RemoveAt(versionsKept);
            blobs[name] = versions;
            return Task.FromResult(next.ETag);
        }
    }

    /// <inheritdoc/>
    public Task<string> FallBack(string name, int back, string? eTag)
    {
        lock (gate)
        {
            var versions = Require(name, eTag);
            versions.RemoveRange(0, back);
            return Task.FromResult(versions[0].ETag);
        }
    }

    /// <inheritdoc/>
    public Task Delete(string name, string? eTag)
    {
        lock (gate)
        {
            Require(name, eTag);
            blobs.Remove(name);
        }

        return Task.CompletedTask;
    }

    private List<Blob> Require(string name, string? eTag)
    {
        var versions = blobs.GetValueOrDefault(name) ?? [];
        var found = versions.FirstOrDefault()?.ETag;
        return found == eTag ? versions : throw new BlobConflictException(name, eTag, found);
    }
}
