using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Basgd.Experiments.Commands;

/// <summary>Options whose errors name field, value and rule.</summary>
internal static class Flag
{
    /// <param name="otherwise">The default, which the help shows.</param>
    /// <param name="atLeast">The lowest value that is accepted.</param>
    public static Option<T> Of<T>(string name, string description, T otherwise, T? atLeast = null)
        where T : struct, IParsable<T>, IComparable<T> => new(name)
        {
            Description = description,
            DefaultValueFactory = _ => otherwise,
            CustomParser = result => result.Tokens.Count == 0 && otherwise is bool ? (T)(object)true : One(name, result, atLeast),
        };

    /// <summary>An option that may be left out.</summary>
    public static Option<T?> Optional<T>(string name, string description, T? atLeast = null)
        where T : struct, IParsable<T>, IComparable<T> => new(name)
        {
            Description = description,
            CustomParser = result => One(name, result, atLeast),
        };

    /// <summary>An option that takes several values.</summary>
    public static Option<T[]> Several<T>(string name, string description)
        where T : struct, IParsable<T>, IComparable<T> => new(name)
        {
            Description = description,
            AllowMultipleArgumentsPerToken = true,
            CustomParser = result => [.. result.Tokens.Select(token => Parse<T>(name, token.Value, result, null))],
        };

    private static T One<T>(string name, ArgumentResult result, T? atLeast)
        where T : struct, IParsable<T>, IComparable<T> => Parse(name, result.Tokens[^1].Value, result, atLeast);

    private static T Parse<T>(string name, string text, ArgumentResult result, T? atLeast)
        where T : struct, IParsable<T>, IComparable<T>
    {
        if (T.TryParse(text, CultureInfo.InvariantCulture, out var value) && (atLeast is not { } least || value.CompareTo(least) >= 0)) return value;
        var kind = typeof(T) == typeof(bool) ? "true or false" : typeof(T) == typeof(double) ? "a number" : "a whole number";
        result.AddError(string.Create(CultureInfo.InvariantCulture, $"{name[2..]} = {text}: must be {kind}{(atLeast is { } lowest ? $" >= {lowest}" : "")}"));
        return default;
    }
}
