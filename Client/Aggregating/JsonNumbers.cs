using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Basgd.Client.Aggregating;

/// <summary>Numbers as other programs write them: Python's json module puts bare NaN and Infinity into what it calls JSON.</summary>
internal static partial class JsonNumbers
{
    /// <summary>Puts bare NaN, Infinity and -Infinity into quotes and leaves texts as they are.</summary>
    public static string QuoteNonFinite(string json) =>
        Token().Replace(json, static token => token.Value[0] == '"' ? token.Value : $"\"{token.Value}\"");

    /// <exception cref="FormatException">Neither a number nor the name of one that is not finite.</exception>
    public static double Read(JsonElement value, string where) => value.ValueKind switch
    {
        JsonValueKind.Number => value.GetDouble(),
        JsonValueKind.String when value.GetString() is "NaN" => double.NaN,
        JsonValueKind.String when value.GetString() is "Infinity" => double.PositiveInfinity,
        JsonValueKind.String when value.GetString() is "-Infinity" => double.NegativeInfinity,
        _ => throw new FormatException($"{where} = {value.GetRawText()}: must be a number"),
    };

    /// <summary>The shortest text that reads back to the same number; the name in quotes where JSON has none.</summary>
    public static void Write(Utf8JsonWriter writer, double value)
    {
        if (double.IsFinite(value)) writer.WriteRawValue(Encoding.UTF8.GetBytes(value.ToString("R", CultureInfo.InvariantCulture)));
        else writer.WriteStringValue(value.ToString(CultureInfo.InvariantCulture));
    }

    [GeneratedRegex("\"(?:[^\"\\\\]|\\\\.)*\"|NaN|-?Infinity", RegexOptions.Singleline)]
    private static partial Regex Token();
}
