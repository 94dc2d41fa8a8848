namespace Basgd.Client.Clusters;

/// <summary>Finds the host program next to this one.</summary>
internal static class SiloBinary
{
    public const string Variable = "BASGD_SILO";
    private const string File = "Basgd.Silo.dll";

    /// <exception cref="ClusterException">It is nowhere; the message lists the places.</exception>
    public static string Find(string? variable, string home)
    {
        // In the source tree Client and Silo build side by side: bin/CONFIGURATION/FRAMEWORK.
        var output = new DirectoryInfo(Path.TrimEndingDirectorySeparator(home));
        string[] places = variable is not null
            ? [Path.GetFullPath(variable)]
            : [Path.Combine(home, File), Path.GetFullPath(Path.Combine(home, "../../../../Silo/bin", output.Parent?.Name ?? "", output.Name, File))];
        return places.FirstOrDefault(System.IO.File.Exists)
            ?? throw new ClusterException($"no silo to start: {string.Join(" and ", places)} do not exist. Build the project Silo, set {Variable}, or name a running one with --cluster.");
    }

    /// <summary>The dotnet command that runs this very program, or the one on the path.</summary>
    public static string Dotnet =>
        Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path
        : Environment.GetEnvironmentVariable("DOTNET_HOST_PATH")
        ?? (Environment.GetEnvironmentVariable("DOTNET_ROOT") is { } root ? Path.Combine(root, "dotnet") : "dotnet");
}
