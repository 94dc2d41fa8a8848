using Basgd.Silo.Storage;

namespace Basgd.Silo.Tests.Storage;

/// <summary>A directory of files that goes away with the test.</summary>
public sealed class StateFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("basgd-storage-").FullName;

    /// <summary>A store over the directory, as a process that starts now would have it.</summary>
    public FileBlobStore Open(int kept = 2) => new(Path, kept);

    public string[] Files() =>
        [.. Directory.EnumerateFiles(Path, "*", SearchOption.AllDirectories).Select(file => System.IO.Path.GetRelativePath(Path, file)).Order(StringComparer.Ordinal)];

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
