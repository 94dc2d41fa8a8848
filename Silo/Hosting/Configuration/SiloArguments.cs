using Basgd.Contracts.Programs;

namespace Basgd.Silo.Hosting.Configuration;

/// <summary>The command line of a silo: options, and perhaps what to do instead of starting one.</summary>
/// <param name="Mode">One of <see cref="Modes"/>; null to start a silo.</param>
/// <param name="Options">Values by full name.</param>
/// <param name="Problems">A line for each argument that is none, without its value: it may be a token.</param>
internal sealed record SiloArguments(string? Mode, IReadOnlyDictionary<string, string?> Options, IReadOnlyList<string> Problems)
{
    public const string Check = "--check";
    public const string Help = "--help";
    public const string Probe = "--probe";
    public const string Version = "--version";

    /// <summary>Levels of logs are .NET's own options; a switch of theirs is passed on.</summary>
    private const string Logging = "Logging:";

    /// <summary>What a silo may do instead of running, and what that is.</summary>
    public static readonly IReadOnlyDictionary<string, string> Modes = new Dictionary<string, string>
    {
        [Check] = "Tries what a silo with these options would use, and starts none. Exit code 1 if something does not work, 2 if an option is wrong.",
        [Probe] = "Asks the running silo with these options whether it is ready. Exit code 1 if it is not.",
        [Help] = "Shows this.",
        [Version] = "Shows the version.",
    };

    public static SiloArguments Parse(IReadOnlyList<string> args, OptionCatalog catalog, IReadOnlyDictionary<string, string> shortNames)
    {
        string? mode = null;
        var mayShow = true; // What comes next is not the rest of a secret.
        Dictionary<string, string?> options = new(StringComparer.OrdinalIgnoreCase);
        List<string> problems = [];
        for (var i = 0; i < args.Count; i++)
        {
            var argument = args[i] is "-h" or "-?" ? Help : args[i];
            var (name, value) = argument.Split('=', 2) is [var left, var right] ? (left, right) : (argument, (string?)null);
            if (!name.StartsWith("--", StringComparison.Ordinal))
            {
                problems.Add(Misplaced(mayShow ? name : null, catalog, shortNames));
            }
            else if (Modes.ContainsKey(argument))
            {
                if (mode is not null && mode != argument) problems.Add($"{argument}: must not be given with {mode}");
                mode ??= argument;
            }
            else if (FullName(name, catalog, shortNames) is { } known)
            {
                mayShow = catalog.Find(known) is not { IsSecret: true };
                var isSwitch = catalog.Find(known) is { Form: OptionForm.Switch };
                if (value is null && i + 1 < args.Count && (isSwitch ? bool.TryParse(args[i + 1], out _) : !args[i + 1].StartsWith("--", StringComparison.Ordinal))) value = args[++i];
                if (value is null && !isSwitch) problems.Add($"{name}: must be followed by a value");
                else options[known] = value ?? "true";
            }
            else
            {
                mayShow = false;
                problems.Add(name.Contains(':', StringComparison.Ordinal) ? $"--{catalog.Refuse(name[2..])}" : $"{name}: unknown option; the nearest known one is {NearestName.Find(name, [.. shortNames.Keys, .. Modes.Keys])}");

                // What follows is probably its value.
                if (value is null && i + 1 < args.Count && !args[i + 1].StartsWith("--", StringComparison.Ordinal)) i++;
            }
        }

        return new SiloArguments(mode, options, problems);
    }

    public static SiloArguments Parse(IReadOnlyList<string> args) => Parse(args, OptionCatalog.Silo, SiloHost.Switches);

    /// <returns>Null for an unknown name.</returns>
    private static string? FullName(string name, OptionCatalog catalog, IReadOnlyDictionary<string, string> shortNames)
    {
        if (shortNames.TryGetValue(name, out var full)) return full;
        full = name[2..];
        if (catalog.Find(full) is { Form: not OptionForm.Several } || full.StartsWith(Logging, StringComparison.OrdinalIgnoreCase)) return full;
        return full.LastIndexOf(':') is var end and > 0 && catalog.Find(full[..end]) is { Form: OptionForm.Several } ? full : null;
    }

    /// <param name="word">Null for one that must not be shown.</param>
    private static string Misplaced(string? word, OptionCatalog catalog, IReadOnlyDictionary<string, string> shortNames)
    {
        if (word is null) return "an argument that begins with no dashes: no option, nor the value of one";
        string[] known = [.. shortNames.Keys, .. Modes.Keys, .. catalog.All.Select(static option => $"--{option.Name}")];
        return $"{word}: no option; the nearest known one is {NearestName.Find($"--{word.TrimStart('-', '/')}", known)}";
    }
}
