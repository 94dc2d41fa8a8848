using System.Buffers;
using System.Collections.Concurrent;

namespace Basgd.Silo.Storage;

/// <summary>
/// Blobs as files: the newest version is <c>name</c>, the one before it <c>name.1</c>, and so on; a damaged one that had to give
/// way is <c>name.damaged</c>. A version is written beside the blob, flushed to the disk and put in its place, so that a crash at
/// any moment leaves the old or the new one whole. The last 16 bytes of a file are its ETag.
/// </summary>
/// <param name="fsync">Whether a write reaches the disk before it counts.</param>
public sealed class FileBlobStore(string directory, int versionsKept, bool fsync = true) : IBlobStore
{
    private const int ETagBytes = 16;

    /// <summary>One writer a blob: two activations of a grain can be in one process.</summary>
    private readonly ConcurrentDictionary<string, SemaphoreSlim> writers = new();

    /// <inheritdoc/>
    public int VersionsKept => versionsKept;

    /// <summary>Full path of the blob's newest version.</summary>
    public string PathOf(string name) => Path.GetFullPath(Path.Combine(directory, name));

    /// <inheritdoc/>
    public async Task<Blob?> Read(string name, int back)
    {
        try
        {
            var bytes = await File.ReadAllBytesAsync(PathOf(name, back));
            return bytes.Length < ETagBytes ? new Blob(default, "") : new Blob(bytes.AsMemory(..^ETagBytes), Text(bytes.AsSpan()[^ETagBytes..]));
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public async Task<string> Write(string name, ReadOnlySequence<byte> content, string? eTag)
    {
        using var _ = await Enter(name);
        Require(name, eTag);
        var path = PathOf(name);
        CreateFolder(Path.GetDirectoryName(path)!);

        var temporary = path + ".tmp";
        var next = Guid.NewGuid().ToByteArray();
        await using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0))
        {
            foreach (var part in content) await file.WriteAsync(part);
            await file.WriteAsync(next);
            if (fsync) file.Flush(flushToDisk: true);
        }

        for (var back = VersionsKept - 1; back > 1; back--)
            if (File.Exists(PathOf(name, back - 1))) File.Move(PathOf(name, back - 1), PathOf(name, back), overwrite: true);
        if (VersionsKept > 1 && File.Exists(path)) FileSwap.Replace(temporary, path, PathOf(name, 1));
        else File.Move(temporary, path, overwrite: true);
        FlushFolder(path);
        return Text(next);
    }

    /// <inheritdoc/>
    public async Task<string> FallBack(string name, int back, string? eTag)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(back, 1);
        using var _ = await Enter(name);
        Require(name, eTag);
        var path = PathOf(name);
        if (eTag is not null) FileSwap.Replace(PathOf(name, back), path, Damaged(path));
        else File.Move(PathOf(name, back), path, overwrite: true);
        FlushFolder(path);
        return ETagOf(path)!;
    }

    /// <inheritdoc/>
    public async Task Delete(string name, string? eTag)
    {
        using var _ = await Enter(name);
        Require(name, eTag);
        if (eTag is null) return;

        // The newest last: after a crash half-way the blob is still what it was.
        var path = PathOf(name);
        File.Delete(Damaged(path));
        for (var back = VersionsKept - 1; back >= 0; back--) File.Delete(PathOf(name, back));
        FlushFolder(path);
    }

    private static string Damaged(string path) => path + ".damaged";

    private static string Text(ReadOnlySpan<byte> eTag) => new Guid(eTag).ToString("N");

    private string PathOf(string name, int back) => back == 0 ? PathOf(name) : $"{PathOf(name)}.{back}";

    private void Require(string name, string? eTag)
    {
        var found = ETagOf(PathOf(name));
        if (found != eTag) throw new BlobConflictException(name, eTag, found);
    }

    private static string? ETagOf(string path)
    {
        if (!File.Exists(path)) return null;
        using var file = File.OpenHandle(path);
        var length = RandomAccess.GetLength(file);
        if (length < ETagBytes) return "";
        Span<byte> eTag = stackalloc byte[ETagBytes];
        RandomAccess.Read(file, eTag, length - ETagBytes);
        return Text(eTag);
    }

    private void CreateFolder(string folder)
    {
        if (Directory.Exists(folder)) return;
        CreateFolder(Path.GetDirectoryName(folder)!);
        Directory.CreateDirectory(folder);
        FlushFolder(folder);
    }

    /// <summary>Makes what happened to the names in a file's folder durable.</summary>
    private void FlushFolder(string path)
    {
        if (fsync) DirectoryFlush.Flush(Path.GetDirectoryName(path)!);
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
