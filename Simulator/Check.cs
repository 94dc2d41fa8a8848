using System.Globalization;

namespace Basgd.Simulator;

/// <summary>Problems with single numbers, each naming parameter, value and rule.</summary>
internal static class Check
{
    public static IEnumerable<string> Positive(string name, double value) => Unless(value > 0 && double.IsFinite(value), name, value, "must be a finite number > 0");

    public static IEnumerable<string> NotNegative(string name, double value) => Unless(value >= 0 && double.IsFinite(value), name, value, "must be a finite number >= 0");

    public static IEnumerable<string> Share(string name, double value) => Unless(value is >= 0 and <= 1, name, value, "must be >= 0 and <= 1");

    public static IEnumerable<string> AtLeast(string name, long value, long bound) => Unless(value >= bound, name, value, $"must be >= {bound}");

    public static IEnumerable<string> Unless(bool right, string name, object value, string rule)
    {
        if (!right) yield return string.Create(CultureInfo.InvariantCulture, $"{name} = {value}: {rule}");
    }
}
