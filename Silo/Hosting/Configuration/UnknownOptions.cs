using Basgd.Contracts.Programs;

namespace Basgd.Silo.Hosting.Configuration;

/// <summary>Finds names in a configuration that were meant to be options and are none: a silo that takes no notice of a mistyped token is open to everybody.</summary>
internal static class UnknownOptions
{
    /// <summary>So many edits away from a name of ours, one elsewhere in the configuration is a mistake. The environment is full of other programs' names.</summary>
    private const int MaxEdits = 2;

    /// <returns>A line for each, without its value.</returns>
    public static IEnumerable<string> Refuse(IConfiguration configuration, OptionCatalog options)
    {
        foreach (var root in configuration.GetChildren())
        {
            if (root.Key.Equals(OptionCatalog.Root, StringComparison.OrdinalIgnoreCase))
                foreach (var name in Inside(root, options)) yield return options.Refuse(name);
            else if (root.GetChildren().Any())
                foreach (var name in Beside(root, options)) yield return options.Refuse(name);
            else if (Meant(root.Key, options) is { } option)
                yield return $"{root.Key}: unknown option; as an environment variable the nearest known one is {option.Replace(":", "__", StringComparison.Ordinal)}";
        }

        foreach (var line in EnvironmentVariables.Mistyped(configuration.GetChildren().Select(static child => child.Key))) yield return line;
    }

    private static IEnumerable<string> Inside(IConfigurationSection section, OptionCatalog options)
    {
        foreach (var child in section.GetChildren())
        {
            if (options.Find(child.Path) is { } option)
            {
                if (option.Form != OptionForm.Several)
                    foreach (var leaf in child.GetChildren().SelectMany(Leaves)) yield return leaf;
            }
            else if (options.IsSection(child.Path))
            {
                if (!string.IsNullOrEmpty(child.Value)) yield return child.Path;
                foreach (var name in Inside(child, options)) yield return name;
            }
            else
            {
                foreach (var leaf in Leaves(child)) yield return leaf;
            }
        }
    }

    /// <summary>A mistyped root, <c>Bagsd:Access:ActToken</c>, or none, <c>Access:ActToken</c>.</summary>
    private static IEnumerable<string> Beside(IConfigurationSection root, OptionCatalog options) =>
        NearestName.Distance(root.Key, OptionCatalog.Root) <= MaxEdits ? Leaves(root) : Leaves(root).Where(leaf => options.Find($"{OptionCatalog.Root}:{leaf}") is not null);

    /// <summary>The option that a name with other separators stands for: <c>BASGD_ACCESS_ACTTOKEN</c>, <c>Basgd.Access.ActToken</c>.</summary>
    private static string? Meant(string key, OptionCatalog options)
    {
        if (!key.StartsWith(OptionCatalog.Root, StringComparison.OrdinalIgnoreCase) || EnvironmentVariables.IsKnown(key)) return null;
        var letters = Letters(key);
        var nearest = options.All.MinBy(option => NearestName.Distance(letters, Letters(option.Name)))!;
        return NearestName.Distance(letters, Letters(nearest.Name)) <= MaxEdits ? nearest.Name : null;
    }

    private static string Letters(string name) => string.Concat(name.Where(char.IsAsciiLetterOrDigit));

    private static IEnumerable<string> Leaves(IConfigurationSection section) =>
        section.GetChildren().Any() ? section.GetChildren().SelectMany(Leaves) : [section.Path];
}
