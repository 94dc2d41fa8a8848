using System.Text.Json;
using System.Text.Json.Nodes;

namespace Basgd.Aggregation.Tests;

/// <summary>Reads the reference vectors; Golden/README.md has their schema and tolerances.</summary>
internal static class GoldenFile
{
    public static Dictionary<string, double[][]> Inputs(string name)
    {
        var inputs = Read(name)["inputs"]!.AsObject();
        return inputs.ToDictionary(static i => i.Key, static i => i.Value!["rows"]!.AsArray().Select(static row => Numbers(row!)).ToArray());
    }

    public static IReadOnlyList<GoldenCase> Cases(string name, string rule) =>
        [.. Read(name)["rules"]![rule]!.AsArray().Select(static node => new GoldenCase(node!))];

    public static double[] Numbers(JsonNode array) => [.. array.AsArray().SelectMany(static n => n is JsonArray row ? Numbers(row) : [Number(n!)])];

    public static IReadOnlyList<(int N, int F, int Clipped)> ClippedCounts() =>
        [.. Read("pre_arc_count")["rules"]!["ARC_count"]!.AsArray().Select(static c => (c!["n"]!.GetValue<int>(), c["f"]!.GetValue<int>(), c["clipped"]!.GetValue<int>()))];

    private static double Number(JsonNode node) => node.GetValueKind() == JsonValueKind.String
        ? double.Parse(node.GetValue<string>(), System.Globalization.CultureInfo.InvariantCulture)
        : node.GetValue<double>();

    private static JsonNode Read(string name)
    {
        using var stream = typeof(GoldenFile).Assembly.GetManifestResourceStream(name)!;
        return JsonNode.Parse(stream)!;
    }
}

internal sealed class GoldenCase(JsonNode node)
{
    public string Input { get; } = node["input"]!.GetValue<string>();

    public Dictionary<string, double> Parameters { get; } =
        node["params"]!.AsObject().ToDictionary(static p => p.Key, static p => p.Value!.GetValue<double>());

    public bool IsRefused { get; } = node["error"] is not null;

    /// <summary>Recorded from input that is not finite: not to be matched.</summary>
    public bool IsInformative { get; } = node["informative"]?.GetValue<bool>() ?? false;

    /// <summary>Several choices are equally good, and the output shows which one was made.</summary>
    public bool IsTied { get; } = node["tie"]?.GetValue<bool>() ?? false;

    /// <summary>Of a pre-aggregation the rows, one after the other.</summary>
    public double[]? Output { get; } = (node["output_lowest_index"] ?? node["output"]) is { } output ? GoldenFile.Numbers(output) : null;

    public double RelativeTolerance { get; } = node["rtol"]?.GetValue<double>() ?? 1e-9;

    public double[]? AbsoluteTolerance { get; } = node["atol"] is { } atol ? GoldenFile.Numbers(atol) : null;

    public override string ToString() => $"{Input} {string.Join(", ", Parameters)}";
}
