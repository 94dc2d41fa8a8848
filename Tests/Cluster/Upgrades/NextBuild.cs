using System.Text.RegularExpressions;
using Basgd.Cluster.Tests.Processes;

namespace Basgd.Cluster.Tests.Upgrades;

/// <summary>
/// The silo as its next version may be: built from these sources, with a field more in messages between grains and in all that is
/// stored. Disposing deletes it.
/// </summary>
internal sealed partial class NextBuild : IDisposable
{
    /// <summary>The value of the new field, to be found in whatever the next version has stored.</summary>
    public const string Mark = "written by the next version";
    private static readonly string[] Projects = ["Aggregation", "Grains", "Learning", "Silo"];
    private static readonly string[] Shared = ["BannedSymbols.txt", "Directory.Build.props", "Directory.Packages.props", "global.json"];
    private static readonly string[] Messages = ["Submission", "SubmitResult", "Routing", "ModelSnapshot", "ModelAnswer", "BufferOpening", "BufferReport", "SealedRound", "Lease", "WorkOrder"];
    private static readonly string[] Stored = ["ModelRecord", "BufferRecord", "JobRecord"];
    private static readonly TimeSpan BuildTime = TimeSpan.FromMinutes(6);
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("basgd-next-");

    private NextBuild()
    {
    }

    public string Silo => Path.Combine(folder.FullName, "Silo", "bin", "Release", "net10.0", "Basgd.Silo.dll");

    public static async Task<NextBuild> Make()
    {
        var build = new NextBuild();
        try
        {
            build.CopySources();
            foreach (var type in Messages.Concat(Stored)) build.AddFieldTo(type);
            await using var dotnet = Program.Start(["dotnet", "build", Path.Combine(build.folder.FullName, "Silo"), "-c", "Release", "-v", "quiet", "-nologo", "-nodeReuse:false", "-p:UseSharedCompilation=false", "-p:RunAnalyzers=false"]);
            (await dotnet.Ended(BuildTime)).ShouldBe(0, dotnet.Printed);
            return build;
        }
        catch
        {
            build.Dispose();
            throw;
        }
    }

    public void Dispose() => folder.Delete(recursive: true);

    private void CopySources()
    {
        foreach (var file in Shared) File.Copy(Repository.PathOf(file), Path.Combine(folder.FullName, file));
        foreach (var source in Projects.SelectMany(static project => Directory.EnumerateFiles(Repository.PathOf(project), "*", SearchOption.AllDirectories)))
        {
            var relative = Path.GetRelativePath(Repository.Root, source);
            if (BuildOutput().IsMatch(relative)) continue;
            var target = Path.Combine(folder.FullName, relative);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(source, target);
        }
    }

    private void AddFieldTo(string type)
    {
        var declaration = new Regex($@"(?<head>public sealed (?:record|class) {type}\b(?<parameters>\((?:[^()]|\([^()]*\))*\))?[^;{{]*)(?<end>;|\{{)");
        var field = $"\n    [Id(99)] public string NewInTheNextVersion {{ get; set; }} = \"{Mark}\";\n";
        var found = Directory.EnumerateFiles(Path.Combine(folder.FullName, "Grains"), "*.cs", SearchOption.AllDirectories)
            .Select(path => (path, text: File.ReadAllText(path)))
            .Single(file => declaration.IsMatch(file.text));
        File.WriteAllText(found.path, declaration.Replace(found.text, match => $"{match.Groups["head"]}\n{{{field}{(match.Groups["end"].Value == ";" ? "}" : "")}"));
    }

    [GeneratedRegex(@"(^|/)(bin|obj)/")]
    private static partial Regex BuildOutput();
}
