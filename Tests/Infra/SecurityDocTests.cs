using System.Text.RegularExpressions;

namespace Basgd.Infra.Tests;

/// <summary>docs/security.md names tests as its evidence: they exist.</summary>
public sealed partial class SecurityDocTests
{
    [Fact]
    public void TestsThatAreNamedExist()
    {
        var sources = string.Join('\n', Directory.EnumerateFiles(Repository.PathOf("Tests"), "*.cs", SearchOption.AllDirectories)
            .Where(static path => !path.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .Select(File.ReadAllText));
        var named = Name().Matches(Repository.Read("docs/security.md")).Select(static match => match.Groups).ToList();
        named.Count.ShouldBeGreaterThan(30);
        foreach (var name in named)
        {
            if (name["class"].Success) sources.ShouldContain($" class {name["class"].Value}", Case.Sensitive);
            if (name["method"].Success) sources.ShouldMatch($@"\b{name["method"].Value}\(");
        }
    }

    /// <summary>A class, a class and a method, or one more method of the class before it: of several words, as all their names are.</summary>
    [GeneratedRegex(@"`(?<class>[A-Z]\w+Tests)(\.(?<method>\w+))?`|`(?<method>[A-Z][a-z]+([_A-Z]\w+){2,})`")]
    private static partial Regex Name();
}
