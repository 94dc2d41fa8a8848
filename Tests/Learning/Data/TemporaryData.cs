using Basgd.Learning.Data;

namespace Basgd.Learning.Tests.Data;

/// <summary>A folder of files made by a test, and options that find data nowhere else.</summary>
internal sealed class TemporaryData : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("basgd-data-");

    public DataOptions Options => new()
    {
        Directory = _root.FullName,
        Download = false,
        Environment = new DataEnvironment { Variable = null, Cache = PathOf("cache"), SystemDirectory = PathOf("system") },
    };

    public string PathOf(string name) => Path.Combine(_root.FullName, name);

    public string Write(string name, byte[] content)
    {
        File.WriteAllBytes(PathOf(name), content);
        return PathOf(name);
    }

    public void Dispose() => _root.Delete(recursive: true);
}
