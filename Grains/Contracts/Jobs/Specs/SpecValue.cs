using System.Globalization;
using Basgd.Aggregation;

namespace Basgd.Contracts;

/// <summary>Turns what YAML holds into what a field of the spec is. A <see cref="FormatException"/> says what the field must be.</summary>
internal static class SpecValue
{
    private const NumberStyles Whole = NumberStyles.AllowLeadingSign;

    public static object? Read(JobSpecField field, SpecNode node)
    {
        if (node is SpecScalar { IsNull: true }) return field.IsNullable ? null : throw new FormatException("must not be empty; leave the field out for its default");
        if (field.IsStrategy) return field.IsPipeline ? Pipeline(node) : Stage(node);
        if (field.Type == typeof(string)) return Text(node);
        if (field.Type == typeof(int)) return Number<int>(node, Whole, $"must be a whole number within ±{int.MaxValue}");
        if (field.Type == typeof(long)) return Number<long>(node, Whole, "must be a whole number of at most 64 bits");
        if (field.Type == typeof(ulong)) return Number<ulong>(node, Whole, "must be a whole number >= 0 of at most 64 bits");
        if (field.Type == typeof(double)) return Real(node);
        if (field.Type == typeof(bool)) return Truth(node);
        if (field.Type == typeof(Durability)) return DurabilityOf(node);
        if (field.Type == typeof(IReadOnlyList<double>)) return node is SpecList list ? list.Items.Select(Real).ToArray() : throw new FormatException("must be a list of numbers, such as [80, 120]");
        throw new NotSupportedException($"{field.Name}: no YAML form for {field.Type}.");
    }

    private static string Text(SpecNode node) => node is SpecScalar scalar ? scalar.Text : throw new FormatException("must be a text");

    private static T Number<T>(SpecNode node, NumberStyles style, string rule)
        where T : System.Numerics.INumber<T> =>
        node is SpecScalar { Plain: true } scalar && T.TryParse(scalar.Text, style, CultureInfo.InvariantCulture, out var value) ? value : throw new FormatException(rule);

    private static double Real(SpecNode node)
    {
        const string Rule = "must be a finite number";
        var value = Number<double>(node, NumberStyles.Float, Rule);
        return double.IsFinite(value) ? value : throw new FormatException(Rule);
    }

    private static bool Truth(SpecNode node) => node is SpecScalar { Plain: true, Text: "true" or "false" } scalar ? scalar.Text == "true" : throw new FormatException("must be true or false");

    private static Durability DurabilityOf(SpecNode node) => Text(node) switch
    {
        "step" => Durability.Step,
        "acknowledged" => Durability.Acknowledged,
        "interval" => Durability.Interval,
        _ => throw new FormatException("must be step, acknowledged or interval"),
    };

    private static string Pipeline(SpecNode node)
    {
        if (node is not SpecList { Items: var stages }) return Stage(node);
        return stages.Count > 0 ? string.Join("|", stages.Select(Stage)) : throw new FormatException("must have at least one stage");
    }

    private static string Stage(SpecNode node)
    {
        if (node is SpecScalar text) return text.Text;
        if (node is not SpecMap map) throw new FormatException("must be a text such as trimmed-mean(f=1), or {name: trimmed-mean, parameters: {f: 1}}");
        Once(map);
        string? name = null;
        OrderedDictionary<string, double> parameters = new(StringComparer.Ordinal);
        foreach (var (key, line, value) in map.Entries)
        {
            if (key == "name") name = Text(value);
            else if (key != "parameters") throw new FormatException($"line {line}: {key} = {value}: unknown field; known: name, parameters");
            else if (value is SpecMap given)
            {
                Once(given);
                foreach (var parameter in given.Entries) parameters.Add(parameter.Key, Parameter(parameter));
            }
            else if (value is not SpecScalar { IsNull: true })
            {
                throw new FormatException($"line {line}: parameters = {value}: must be a mapping of names to numbers");
            }
        }

        return new NamedParameters(name ?? throw new FormatException("name is missing"), parameters).ToString();
    }

    private static void Once(SpecMap map)
    {
        if (map.Entries.GroupBy(static e => e.Key).FirstOrDefault(static g => g.Count() > 1) is { } twice)
            throw new FormatException($"line {twice.Last().Line}: {twice.Key} = {twice.Last().Value}: given twice; a field may be given once");
    }

    private static double Parameter(SpecEntry entry)
    {
        try
        {
            return Real(entry.Value);
        }
        catch (FormatException wrong)
        {
            throw new FormatException($"line {entry.Line}: {entry.Key} = {entry.Value}: {wrong.Message}", wrong);
        }
    }
}
