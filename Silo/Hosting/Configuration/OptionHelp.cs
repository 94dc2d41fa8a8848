using System.Text.RegularExpressions;

namespace Basgd.Silo.Hosting.Configuration;

/// <summary><c>Silo --help</c>, made from the options.</summary>
internal static partial class OptionHelp
{
    private const int Width = 100;
    private const string Indent = "      ";

    public static IEnumerable<string> Lines(OptionCatalog catalog)
    {
        yield return "Runs a silo of Basgd until it is asked to end (SIGTERM or Ctrl-C).";
        yield return "";
        yield return "Usage:";
        yield return "  dotnet Basgd.Silo.dll [options]";
        yield return "";
        yield return "An option is given on the command line, by its short name or its full one (--slots 8 or --Basgd:Worker:Slots=8),";
        yield return "by the environment (Basgd__Worker__Slots=8) or in appsettings.json in the working directory.";
        yield return "Give passwords, keys and tokens by the environment: everybody on a machine can read command lines.";
        yield return "";
        yield return "Instead of running:";
        foreach (var (mode, meaning) in SiloArguments.Modes)
        {
            yield return $"  {mode}";
            foreach (var line in Wrap(meaning)) yield return line;
        }

        foreach (var (section, options) in catalog.Sections)
        {
            yield return "";
            yield return $"{section}:";
            foreach (var option in options)
            {
                yield return $"  {(option.ShortName is { } shortName ? $"{shortName}, " : "")}--{option.Name}";
                foreach (var line in Wrap($"{Plain(option.Meaning)} Default: {option.Default ?? "none"}.")) yield return line;
            }
        }
    }

    /// <summary>Markdown without its marks.</summary>
    public static string Plain(string meaning) => Link().Replace(meaning, "docs/$1").Replace("`", "", StringComparison.Ordinal);

    private static IEnumerable<string> Wrap(string text)
    {
        var line = Indent;
        foreach (var word in text.Split(' '))
        {
            if (line.Length + word.Length > Width && line.Length > Indent.Length)
            {
                yield return line.TrimEnd();
                line = Indent;
            }

            line += $"{word} ";
        }

        yield return line.TrimEnd();
    }

    [GeneratedRegex(@"\[[^\]]+\]\(([^)#]+)[^)]*\)")]
    private static partial Regex Link();
}
