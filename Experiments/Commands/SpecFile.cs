using System.Text;
using Basgd.Contracts;

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
        var node = Read(file);
        if (node is null) return [];
        if (node is not SpecMap map) throw new ArgumentException($"{file}: must be a mapping of options to values, such as `workers: 8`");
        if (map.Entries.GroupBy(static entry => entry.Key).FirstOrDefault(static same => same.Skip(1).Any()) is { } twice)
        {
            var (first, last) = (twice.First().Line, twice.Last().Line);
            throw new ArgumentException($"{file}, line {last}: {twice.Key}: given already in line {first}; an option may be given once");
        }

        return [.. map.Entries.Select(entry => (Flag(entry.Key), Values(file, entry.Value)))];
    }

    private static SpecNode? Read(string file)
    {
        try
        {
            return SpecNode.Read(File.ReadAllText(file));
        }
        catch (UnauthorizedAccessException) when (Directory.Exists(file))
        {
            throw new ArgumentException($"spec = {file}: must be a file; this is a directory");
        }
        catch (JobSpecException malformed)
        {
            throw new ArgumentException($"{file}: {malformed.Message}", malformed);
        }
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

    private static IEnumerable<string> Values(string file, SpecNode node) => node switch
    {
        SpecScalar scalar => [scalar.Text],
        SpecList list => list.Items.SelectMany(item => Values(file, item)),
        _ => throw new ArgumentException($"{file}, line {node.Line}: must be a value or a list of values"),
    };
}
