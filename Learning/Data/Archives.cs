using System.Formats.Tar;
using System.IO.Compression;

namespace Basgd.Learning.Data;

/// <summary>Takes a data set's files out of the archive they are published in, and nothing else.</summary>
internal static class Archives
{
    /// <exception cref="FetchFailedException">The archive lacks a file, or cannot be read.</exception>
    public static async Task UnpackAsync(FileSet set, DataArchive archive, string folder)
    {
        var path = Path.Combine(folder, archive.Name);
        try
        {
            var targets = set.Files.ToDictionary(file => $"{archive.Folder}/{file.Name}", file => Path.Combine(folder, file.Name));
            await (archive.Name.EndsWith(".zip", StringComparison.Ordinal) ? UnzipAsync(path, targets) : UntarAsync(path, targets));
            if (targets.Count > 0) throw new FetchFailedException($"{archive.Name}: {string.Join(", ", targets.Keys)} not in it");
        }
        catch (InvalidDataException broken)
        {
            throw new FetchFailedException($"{archive.Name} cannot be unpacked: {broken.Message}", broken);
        }
        File.Delete(path);
    }

    private static async Task UnzipAsync(string path, Dictionary<string, string> targets)
    {
        await using var zip = await ZipFile.OpenReadAsync(path);
        foreach (var entry in zip.Entries)
        {
            if (targets.Remove(entry.FullName, out var target)) await entry.ExtractToFileAsync(target, overwrite: true);
        }
    }

    private static async Task UntarAsync(string path, Dictionary<string, string> targets)
    {
        await using var packed = File.OpenRead(path);
        await using var unpacked = new GZipStream(packed, CompressionMode.Decompress);
        await using var tar = new TarReader(unpacked);
        while (targets.Count > 0 && await tar.GetNextEntryAsync() is { } entry)
        {
            if (targets.Remove(entry.Name, out var target)) await entry.ExtractToFileAsync(target, overwrite: true);
        }
    }
}
