using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace Basgd.Infra.Tests.Compose;

/// <summary>A file of docker compose, as much of it as tests ask for.</summary>
internal sealed partial class ComposeFile
{
    public Dictionary<string, ComposeService> Services { get; set; } = [];

    public Dictionary<string, ComposeSecret> Secrets { get; set; } = [];

    /// <summary>Names of the variables that it takes from the environment, or from .env.</summary>
    [YamlIgnore]
    public IReadOnlySet<string> Variables { get; private set; } = new HashSet<string>();

    /// <param name="path">From the root of the repository.</param>
    public static ComposeFile Read(string path)
    {
        var text = Repository.Read(path);

        // Merge keys (<<) are no part of YAML's types: they are resolved first.
        var file = new DeserializerBuilder().WithNamingConvention(UnderscoredNamingConvention.Instance).IgnoreUnmatchedProperties().Build()
            .Deserialize<ComposeFile>(new MergingParser(new Parser(new StringReader(text))));
        file.Variables = VariableStart().Matches(text).Select(static match => match.Groups[1].Value).ToHashSet();
        return file;
    }

    /// <summary>A value with ${NAME:-DEFAULT} replaced as compose does, the innermost first.</summary>
    public static string Resolve(string value, IReadOnlyDictionary<string, string> variables)
    {
        while (Innermost().Match(value) is { Success: true } found)
            value = value.Replace(found.Value, variables.TryGetValue(found.Groups[1].Value, out var given) && given.Length > 0 ? given : found.Groups[2].Value, StringComparison.Ordinal);
        return value;
    }

    [GeneratedRegex(@"\$\{(\w+):-([^${}]*)\}")]
    private static partial Regex Innermost();

    [GeneratedRegex(@"\$\{(\w+)")]
    private static partial Regex VariableStart();
}

internal sealed class ComposeService
{
    public ComposeBuild? Build { get; set; }

    public List<string> CapDrop { get; set; } = [];

    public Dictionary<string, string> Environment { get; set; } = [];

    public string Image { get; set; } = "";

    public string? MemLimit { get; set; }

    public List<string> Ports { get; set; } = [];

    public bool ReadOnly { get; set; }

    public List<string> Secrets { get; set; } = [];

    public List<string> SecurityOpt { get; set; } = [];

    public string? StopGracePeriod { get; set; }

    public List<string> Volumes { get; set; } = [];
}

internal sealed class ComposeBuild
{
    public string Context { get; set; } = "";

    public string Dockerfile { get; set; } = "";

    public string Target { get; set; } = "";
}

internal sealed class ComposeSecret
{
    public string File { get; set; } = "";
}
