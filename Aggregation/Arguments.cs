using System.Globalization;

namespace Basgd.Aggregation;

/// <summary>The values a rule or attack is built from: those given, defaults elsewhere. Reading one checks it.</summary>
internal sealed class Arguments
{
    private readonly NamedParameters given;
    private readonly Dictionary<string, double> values = new(StringComparer.Ordinal);

    /// <exception cref="ArgumentException">A parameter that the thing does not have.</exception>
    public Arguments(NamedParameters given, IReadOnlyList<ParameterInfo> known, int defaultF)
    {
        this.given = given;
        foreach (var parameter in known) values[parameter.Name] = parameter.Default ?? defaultF;
        foreach (var (key, value) in given.Parameters)
        {
            if (!values.ContainsKey(key)) throw Refuse(key, value, known.Count == 0 ? "there are no parameters" : $"known parameters: {string.Join(", ", known.Select(static p => p.Name))}");
            values[key] = value;
        }
    }

    public int Integer(string key, int atLeast)
    {
        var value = values[key];
        return value >= atLeast && value <= int.MaxValue && value == Math.Floor(value) ? (int)value : throw Refuse(key, value, $"must be a whole number ≥ {atLeast}");
    }

    public int OneOf(string key, int first, int second)
    {
        var value = values[key];
        return value == first ? first : value == second ? second : throw Refuse(key, value, $"must be {first} or {second}");
    }

    public double Any(string key) => values[key];

    public double Between(string key, double low, double high) => values[key] is var value && value > low && value < high
        ? value
        : throw Refuse(key, value, string.Create(CultureInfo.InvariantCulture, $"must be > {low} and < {high}"));

    public double NotZero(string key) => values[key] is not 0 and var value ? value : throw Refuse(key, 0, "must not be 0");

    public double Positive(string key) => values[key] is > 0 and var value ? value : throw Refuse(key, values[key], "must be > 0");

    public double NotNegative(string key) => values[key] is >= 0 and var value ? value : throw Refuse(key, values[key], "must be ≥ 0");

    private ArgumentException Refuse(string key, double value, string bound) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{given.Name}: {key} = {value:R}: {bound}."));
}
