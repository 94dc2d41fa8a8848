namespace Basgd.Cluster.Tests.Processes;

/// <summary>What the build made of the other projects, in the configuration of these tests.</summary>
internal static class Built
{
    private const string SiloName = "BASGD_SILO";

    private static readonly DirectoryInfo Output = new(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));

    public static string Benchmarks => Find("Benchmarks", "Basgd.Benchmarks.dll");

    /// <summary>As it is published where the environment says so, which starts sooner.</summary>
    public static string Silo => Environment.GetEnvironmentVariable(SiloName) ?? Find("Silo", "Basgd.Silo.dll");

    public static string Client => Find("Client", "basgd.dll");

    /// <summary>A silo with a model of its own.</summary>
    public static string OwnModel => Find("samples/OwnModel", "OwnModel.dll");

    private static string Find(string project, string file)
    {
        // Tests/Cluster/bin/CONFIGURATION/FRAMEWORK, and PROJECT/bin/CONFIGURATION/FRAMEWORK.
        var path = Repository.PathOf(Path.Combine(project, "bin", Output.Parent!.Name, Output.Name, file));
        return File.Exists(path) ? path : throw new FileNotFoundException($"{path} is not built");
    }
}
