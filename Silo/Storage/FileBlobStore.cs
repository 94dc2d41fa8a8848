using System.Collections.Concurrent;

namespace Basgd.Silo.Storage;

/// <summary>
/// Blobs as files. A version is written beside the blob, flushed to the disk and renamed over it, so that a crash at any moment
/// leaves the old or the new one whole. Its ETag is in its name's place in the file: the first 16 bytes.
/// </summary>
public sealed class FileBlobStore(FileStorageOptions options) : IBlobStore
{
    private const int ETagBytes = 16;

    /// <summary>One writer a blob: two activations of a grain can be in one process.</summary>
    private readonly ConcurrentDictionary<string, SemaphoreSlim> writers = new();

    /// <summary>Full path of the blob's newest version.</summary>
    public string PathOf(string name) => Path.GetFullPath(Path.Combine(options.Directory, name));

    /// <inheritdoc/>
    public async Task<Blob?> Read(string name, int back)
    {
        try
        {
            var bytes = await File.ReadAllBytesAsync(PathOf(name, back));
            return bytes.Length < ETagBytes ? new Blob(default, "") : new Blob(bytes.AsMemory(ETagBytes), new Guid(bytes.AsSpan(0, ETagBytes)).ToString("N"));
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public async Task<string> Write(string name, ReadOnlyMemory<byte> content, string? eTag)
    {
        using var _ = await Enter(name);
        Require(name, eTag);
        var path = PathOf(name);
        var temporary = path + ".tmp";
        var next = Guid.NewGuid();
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0))
        {
            await file.WriteAsync(next.ToByteArray());
            await file.WriteAsync(content);
            if (options.Fsync) file.Flush(flushToDisk: true);
        }

        Shift(name);
        File.Move(temporary, path, overwrite: true);
        if (options.Fsync) DirectoryFlush.Flush(Path.GetDirectoryName(path)!);
        return next.ToString("N");
    }

    /// <inheritdoc/>
    public async Task Delete(string name, string? eTag)
    {
        using var _ = await Enter(name);
        Require(name, eTag);
        for (var back = options.CheckpointsKept - 1; back >= 0; back--)
            if (File.Exists(PathOf(name, back))) File.Delete(PathOf(name, back));
    }

    private string PathOf(string name, int back) => back == 0 ? PathOf(name) : $"{PathOf(name)}.{back}";

    /// <summary>Makes the newest version the one before: a second name for the same file, so the newest never is missing.</summary>
    private void Shift(string name)
    {
        for (var back = options.CheckpointsKept - 1; back > 1; back--)
            if (File.Exists(PathOf(name, back - 1))) File.Move(PathOf(name, back - 1), PathOf(name, back), overwrite: true);
        if (options.CheckpointsKept > 1 && File.Exists(PathOf(name))) FileLink.Replace(PathOf(name), PathOf(name, 1));
    }

    private void Require(string name, string? eTag)
    {
        var found = ETagOf(PathOf(name));
        if (found != eTag) throw new BlobConflictException(name, eTag, found);
    }

    private static string? ETagOf(string path)
    {
        if (!File.Exists(path)) return null;
        Span<byte> head = stackalloc byte[ETagBytes];
        using var file = File.OpenRead(path);
        return file.ReadAtLeast(head, ETagBytes, throwOnEndOfStream: false) < ETagBytes ? "" : new Guid(head).ToString("N");
    }

    private async Task<IDisposable> Enter(string name)
    {
        var writer = writers.GetOrAdd(name, _ => new SemaphoreSlim(1));
        await writer.WaitAsync();
        return new Leaver(writer);
    }

    private sealed class Leaver(SemaphoreSlim writer) : IDisposable
    {
        public void Dispose() => writer.Release();
    }
}
