using System.Collections.ObjectModel;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Basgd.Aggregation;

/// <summary>A name with numbers by name, written <c>name(key=value, …)</c>: how a rule, a pre-aggregation or an attack is asked for.</summary>
/// <param name="Name">Lower-case letters, digits and hyphens, beginning with a letter.</param>
/// <param name="Parameters">Finite values by key, in the order written; keys are case-sensitive (<c>T</c> and <c>tau</c> are what the literature calls them).</param>
public sealed record NamedParameters(string Name, IReadOnlyDictionary<string, double> Parameters)
{
    private const string Form = "name, or name(key=value, ...) with finite decimal values, such as trimmed-mean(f=2)";

    /// <summary>Reads the form <c>name(key=value, …)</c>; the parentheses may be left out.</summary>
    /// <exception cref="FormatException">The text has another form; the message says what is expected.</exception>
    public static NamedParameters Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Read(text, out var fault) ?? throw new FormatException($"'{text}': {fault}. Expected: {Form}.");
    }

    /// <inheritdoc cref="Parse"/>
    /// <returns>Whether the text had that form.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out NamedParameters? parsed)
    {
        parsed = text is null ? null : Read(text, out _);
        return parsed is not null;
    }

    /// <summary>The text that <see cref="Parse"/> reads back to an equal value.</summary>
    public override string ToString() => Parameters.Count == 0
        ? Name
        : $"{Name}({string.Join(", ", Parameters.Select(static p => string.Create(CultureInfo.InvariantCulture, $"{p.Key}={p.Value:R}")))})";

    /// <summary>The same name and the same values, in any order.</summary>
    public bool Equals(NamedParameters? other) =>
        other is not null && Name == other.Name && Parameters.Count == other.Parameters.Count
        && Parameters.All(p => other.Parameters.TryGetValue(p.Key, out var value) && value.Equals(p.Value));

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, Parameters.Count);

    private static NamedParameters? Read(string text, out string fault)
    {
        var trimmed = text.Trim();
        var open = trimmed.IndexOf('(', StringComparison.Ordinal);
        var name = (open < 0 ? trimmed : trimmed[..open]).TrimEnd();
        fault = $"'{name}' is not a name";
        if (!IsName(name)) return null;
        var parameters = new OrderedDictionary<string, double>(StringComparer.Ordinal);
        if (open >= 0)
        {
            fault = "the closing parenthesis is missing or not at the end";
            if (!trimmed.EndsWith(')')) return null;
            var list = trimmed[(open + 1)..^1];
            if (!string.IsNullOrWhiteSpace(list))
            {
                foreach (var pair in list.Split(','))
                {
                    if (!ReadPair(pair, parameters, out fault)) return null;
                }
            }
        }

        return new NamedParameters(name, new ReadOnlyDictionary<string, double>(parameters));
    }

    private static bool ReadPair(string pair, OrderedDictionary<string, double> parameters, out string fault)
    {
        var equals = pair.IndexOf('=', StringComparison.Ordinal);
        var key = equals < 0 ? "" : pair[..equals].Trim();
        fault = $"'{pair.Trim()}' is not key=value";
        if (!IsKey(key)) return false;
        fault = $"the value of {key} is not a finite number";
        if (!double.TryParse(pair.AsSpan(equals + 1), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) || !double.IsFinite(value)) return false;
        fault = $"{key} is given twice";
        return parameters.TryAdd(key, value);
    }

    private static bool IsName(string name) =>
        name.Length > 0 && char.IsAsciiLetterLower(name[0]) && name.All(static c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');

    private static bool IsKey(string key) =>
        key.Length > 0 && char.IsAsciiLetter(key[0]) && key.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
}
