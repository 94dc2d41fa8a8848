using System.CommandLine;
using System.Globalization;
using System.Numerics;

namespace Basgd.Client.Verbs;

/// <summary>Options whose errors name field, value and rule.</summary>
internal static class Flag
{
    /// <summary>An argument that is a whole number, 0 or more.</summary>
    /// <param name="rule">What it must be.</param>
    public static Argument<int> Number(string name, string description, string rule) => new(name)
    {
        Description = description,
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value)) return value;
            result.AddError($"{name.ToLowerInvariant()} = {text}: must be {rule}");
            return 0;
        },
    };

    public static Option<T?> Number<T>(string name, string helpName, string description, T? atLeast = null, T? atMost = null)
        where T : struct, INumber<T> => new(name)
    {
        Description = description,
        HelpName = helpName,
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (T.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && (atLeast is not { } least || value >= least) && (atMost is not { } most || value <= most)) return value;
            var kind = T.TryParse("0.5", NumberStyles.Float, CultureInfo.InvariantCulture, out _) ? "a number" : "a whole number";
            result.AddError($"{name[2..]} = {text}: must be {kind}{(atLeast is { } lower ? $" >= {lower}" : "")}{(atMost is { } upper ? $" and <= {upper}" : "")}");
            return null;
        },
    };
}
