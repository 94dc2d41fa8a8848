using System.Text;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Basgd.Experiments.Commands;

/// <summary>A simulation's options from YAML: a mapping with the flags' names in lower camel case. Flags on the command line go before.</summary>
internal static class SpecFile
{
    /// <summary>The arguments with <c>simulate FILE</c>'s content in the file's place, as flags.</summary>
    /// <exception cref="ArgumentException">The file holds anything but a mapping of names to scalars or lists of them.</exception>
    public static IReadOnlyList<string> Expand(IReadOnlyList<string> args)
    {
        if (args is not ["simulate", var file, ..] || file.StartsWith('-')) return args;
        var given = args.Skip(2).Select(static argument => argument.Split('=')[0]).ToHashSet();
        return ["simulate", .. Flags(file).Where(flag => !given.Contains(flag.Name)).SelectMany(static flag => flag.Values.Prepend(flag.Name)), .. args.Skip(2)];
    }

    private static IEnumerable<(string Name, IEnumerable<string> Values)> Flags(string file)
    {
        var yaml = new YamlStream();
        try
        {
            using var reader = File.OpenText(file);
            yaml.Load(reader);
        }
        catch (UnauthorizedAccessException) when (Directory.Exists(file))
        {
            throw new ArgumentException($"spec = {file}: must be a file; this is a directory");
        }
        catch (YamlException malformed)
        {
            throw new ArgumentException($"{file}: {malformed.Message}", malformed);
        }

        if (yaml.Documents.Count == 0) return [];
        if (yaml.Documents[0].RootNode is not YamlMappingNode map) throw new ArgumentException($"{file}: must be a mapping of options to values, such as `workers: 8`");
        return [.. map.Select(entry => (Flag(((YamlScalarNode)entry.Key).Value!), Values(file, entry.Value)))];
    }

    private static string Flag(string key)
    {
        var flag = new StringBuilder("--");
        foreach (var c in key)
        {
            if (char.IsUpper(c)) flag.Append('-');
            flag.Append(char.ToLowerInvariant(c));
        }

        return flag.ToString();
    }

    private static IEnumerable<string> Values(string file, YamlNode node) => node switch
    {
        YamlScalarNode scalar => [scalar.Value ?? ""],
        YamlSequenceNode list => list.SelectMany(item => Values(file, item)),
        _ => throw new ArgumentException($"{file}, line {node.Start.Line}: must be a value or a list of values"),
    };
}
