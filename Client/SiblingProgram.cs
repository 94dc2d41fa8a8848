using Basgd.Contracts.Programs;

namespace Basgd.Client;

/// <summary>A program of this repository that the client starts but does not contain, because it loads TorchSharp.</summary>
/// <param name="Project">Its folder beside the client's; the program is <c>Basgd.PROJECT.dll</c>.</param>
/// <param name="Variable">An environment variable that may name its file.</param>
internal sealed record SiblingProgram(string Project, string Variable)
{
    /// <summary>The host.</summary>
    public static SiblingProgram Silo { get; } = new("Silo", EnvironmentVariables.Silo);

    /// <summary>Simulations and experiments.</summary>
    public static SiblingProgram Experiments { get; } = new("Experiments", EnvironmentVariables.Experiments);

    /// <summary>The dotnet command that runs this very program, or the one on the path.</summary>
    public static string Dotnet =>
        Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path
        : Environment.GetEnvironmentVariable("DOTNET_HOST_PATH")
        ?? (Environment.GetEnvironmentVariable("DOTNET_ROOT") is { } root ? Path.Combine(root, "dotnet") : "dotnet");

    /// <summary>Where it is: what the variable names, or else a file beside this program or in its own project.</summary>
    /// <exception cref="FileNotFoundException">It is nowhere; the message lists the places.</exception>
    public string Find() => Find(EnvironmentVariables.Value(Variable), AppContext.BaseDirectory);

    /// <inheritdoc cref="Find()"/>
    internal string Find(string? variable, string home)
    {
        // In the source tree projects build side by side: bin/CONFIGURATION/FRAMEWORK.
        var file = $"Basgd.{Project}.dll";
        var output = new DirectoryInfo(Path.TrimEndingDirectorySeparator(home));
        string[] places = variable is not null
            ? [Path.GetFullPath(variable)]
            : [Path.Combine(home, file), Path.GetFullPath(Path.Combine(home, "../../../..", Project, "bin", output.Parent?.Name ?? "", output.Name, file))];
        return places.FirstOrDefault(File.Exists)
            ?? throw new FileNotFoundException($"{file} is not there: {string.Join(" and ", places)} do not exist. Build the project {Project}, or set {Variable}.");
    }
}
