namespace Basgd.Cluster.Tests.Processes;

/// <summary>An empty state directory, removed at the end.</summary>
internal sealed class StateFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("basgd-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
