namespace Basgd.Tests;

/// <summary>Where the files under test are.</summary>
internal static class Repository
{
    public static string Root { get; } = Above(AppContext.BaseDirectory);

    /// <summary>Full path.</summary>
    /// <param name="relative">From the root of the repository.</param>
    public static string PathOf(string relative) => Path.GetFullPath(Path.Combine(Root, relative));

    public static string Read(string relative) => File.ReadAllText(PathOf(relative));

    private static string Above(string directory)
    {
        var at = new DirectoryInfo(directory);
        while (!File.Exists(Path.Combine(at.FullName, "Basgd.sln"))) at = at.Parent ?? throw new DirectoryNotFoundException("no Basgd.sln above the tests");
        return at.FullName;
    }
}
