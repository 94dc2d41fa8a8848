namespace Basgd.Client.Tests.Fakes;

internal sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("basgd-client-");

    public string File(string name) => System.IO.Path.Combine(folder.FullName, name);

    public string Path => folder.FullName;

    public IEnumerable<string> Names => folder.EnumerateFiles().Select(static f => f.Name);

    public string Write(string name, string text)
    {
        System.IO.File.WriteAllText(File(name), text);
        return File(name);
    }

    public void Dispose() => folder.Delete(recursive: true);
}
