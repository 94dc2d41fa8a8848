using System.Globalization;
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
        ? double.Parse(node.GetValue<string>(), CultureInfo.InvariantCulture)
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
        node["params"]!.AsObject().Where(static p => p.Value?.GetValueKind() == JsonValueKind.Number).ToDictionary(static p => p.Key, static p => p.Value!.GetValue<double>());

    /// <summary>Parameters that are words or lists of them.</summary>
    public Dictionary<string, string[]> Words { get; } =
        node["params"]!.AsObject().Where(static p => p.Value is JsonArray || p.Value?.GetValueKind() == JsonValueKind.String)
            .ToDictionary(static p => p.Key, static p => p.Value is JsonArray list ? list.Select(static w => w!.GetValue<string>()).ToArray() : [p.Value!.GetValue<string>()]);

    public bool IsRefused { get; } = node["error"] is not null;

    /// <summary>Recorded from input that is not finite: not to be matched.</summary>
    public bool IsInformative { get; } = node["informative"]?.GetValue<bool>() ?? false;

    /// <summary>Several choices are equally good, and the output shows which one was made.</summary>
    public bool IsTied { get; } = node["tie"]?.GetValue<bool>() ?? false;

    /// <summary>Of a pre-aggregation the rows, one after the other.</summary>
    public double[]? Output { get; } = (node["output_lowest_index"] ?? node["output"]) is { } output ? GoldenFile.Numbers(output) : null;

    public double RelativeTolerance { get; } = node["rtol"]?.GetValue<double>() ?? 1e-9;

    public double[]? AbsoluteTolerance { get; } = node["atol"] is { } atol ? GoldenFile.Numbers(atol) : null;

    /// <summary>The order in which bucketing took the rows.</summary>
    public int[] Permutation { get; } = node["permutation"] is JsonArray order ? [.. order.Select(static i => i!.GetValue<int>())] : [];

    /// <summary>The normal numbers that were drawn, a list for each draw.</summary>
    public double[][] Noise { get; } = node["noise"] is JsonArray draws ? [.. draws.Select(static draw => draw is JsonArray list ? GoldenFile.Numbers(list) : [draw!.GetValue<double>()])] : [];

    /// <summary>The strength an optimal attack found.</summary>
    public double Strength { get; } = node["tau_opt"]?.GetValue<double>() ?? double.NaN;

    /// <summary>The text that asks for a rule with this case's parameters.</summary>
    /// <param name="variant">A parameter more.</param>
    public string Text(string rule, string variant = "")
    {
        var parameters = Parameters.Select(static p => string.Create(CultureInfo.InvariantCulture, $"{p.Key}={p.Value:R}"));
        return $"{rule}({string.Join(", ", variant.Length == 0 ? parameters : parameters.Append(variant))})";
    }

    public void Check(double[] result, string text)
    {
        result.Length.ShouldBe(Output!.Length);
        for (var k = 0; k < Output.Length; k++)
        {
            // Where the reference is infinite.
            if (result[k] == Output[k]) continue;
            var tolerance = (AbsoluteTolerance?[k] ?? 1e-12) + (RelativeTolerance * Math.Abs(Output[k]));
            Math.Abs(result[k] - Output[k]).ShouldBeLessThanOrEqualTo(tolerance, $"{text} on {this}, column {k}: {result[k]:R} for {Output[k]:R}");
        }
    }

    public override string ToString() => $"{Input} {string.Join(", ", Parameters)}";
}
