using Basgd.Aggregation.Kernels;
using System.Numerics;

namespace Basgd.Aggregation;

/// <summary>
/// The aggregation rules that are built in. A rule is asked for by text, <c>name(key=value, …)</c>; stages before a <c>|</c>
/// are pre-aggregations, the last one is the rule.
/// To add one: a file in this folder with a class deriving from <see cref="CoordinateRule"/> or <see cref="WeightRule"/> and
/// its definition, and a line in <see cref="Definitions"/>.
/// </summary>
public static class Rules
{
    private static readonly IReadOnlyList<RuleDefinition> Definitions =
    [
        Mean.Definition,
        Median.Definition,
        TrimmedMean.Definition,
        Meamed.Definition,
        Krum.Definition,
        MultiKrum.Definition,
        GeometricMedian.Definition,
        CenteredClipping.Definition,
        Mda.Definition,
        Monna.Definition,
        Caf.Definition,
        Smea.Definition,
        Bulyan.Definition,
        SignMajority.Definition,
    ];

    private static readonly IReadOnlyList<RuleDefinition> StageDefinitions =
    [
        NearestNeighbourMixing.Definition,
        Bucketing.Definition,
        Clipping.Definition,
        AdaptiveClipping.Definition,
    ];

    /// <summary>Every rule, plainest first.</summary>
    public static IReadOnlyList<RuleInfo> All { get; } = [.. Definitions.Select(static d => d.Info)];

    /// <summary>Every pre-aggregation: what may stand before a <c>|</c>.</summary>
    public static IReadOnlyList<RuleInfo> PreAggregations { get; } = [.. StageDefinitions.Select(static d => d.Info)];

    /// <summary>The rule a text asks for.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="text">Such as <c>median</c>, <c>trimmed-mean(f=2)</c> <c>krum(f=1, neighbours=-1)</c> or <c>nnm|trimmed-mean</c>.</param>
    /// <param name="defaultF">What <c>f</c> is where the text does not give it, ≥ 0.</param>
    /// <param name="threads">How many threads a call may use, ≥ 1; the result is the same for any number.</param>
    /// <exception cref="ArgumentException">Malformed or unknown, or a parameter is unknown or out of range; the message names it, its value and its bound.</exception>
    /// <exception cref="NotSupportedException"><typeparamref name="T"/> is another type.</exception>
    public static IRule<T> Create<T>(string text, int defaultF = 0, int threads = 1)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Create<T>(text, defaultF, threads, Simd.Width);

    /// <summary>With kernels of a width that is not the machine's best.</summary>
    /// <inheritdoc cref="Create{T}(string, int, int)"/>
    internal static IRule<T> Create<T>(string text, int defaultF, int threads, SimdWidth width)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        if (typeof(T) != typeof(float) && typeof(T) != typeof(double)) throw new NotSupportedException($"Rules work on float and double, not on {typeof(T).Name}.");
        var (stages, rule) = Build(text, defaultF);
        return rule is CoordinateRule perCoordinate ? new CoordinateAggregator<T>(stages, perCoordinate, threads, width) : new WeightAggregator<T>(stages, (WeightRule)rule, threads, width);
    }

    /// <summary>Refuses what <see cref="Create{T}(string, int, int)"/> refuses, and rules that cannot work on so few rows.</summary>
    /// <param name="rows">Number of rows B that the rule will be given, ≥ 1.</param>
    /// <inheritdoc cref="Create{T}(string, int, int)"/>
    public static void Validate(string text, int rows, int defaultF)
    {
        if (rows < 1) throw new ArgumentException($"rows = {rows}: must be ≥ 1.", nameof(rows));
        var (stages, rule) = Build(text, defaultF);
        foreach (var stage in stages)
        {
            stage.Demand(rows);
            rows = stage.Count(rows);
        }

        rule.Demand(rows);
    }

    private static (IReadOnlyList<PreAggregation> Stages, Rule Rule) Build(string text, int defaultF)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (defaultF < 0) throw new ArgumentException($"f = {defaultF}: must be ≥ 0.", nameof(defaultF));
        var texts = text.Split('|');
        CheckOrder(texts);
        PreAggregation[] stages = [.. texts[..^1].Select(stage => (PreAggregation)Build(stage, "pre-aggregation", StageDefinitions, defaultF))];
        var rule = Build(texts[^1], "rule", Definitions, defaultF);
        return (rule is CoordinateRule { Selection: { } selection } ? [.. stages, selection] : stages, rule);
    }

    /// <summary>Tells a rule from a pre-aggregation: what stands in the other's place is known, and better told so than called unknown.</summary>
    private static void CheckOrder(string[] texts)
    {
        foreach (var text in texts[..^1])
            if (IsOneOf(Definitions, text, out var name)) throw new ArgumentException($"rule '{name}' must stand last: only pre-aggregations ({Names(StageDefinitions)}) may stand before a |.");
        if (IsOneOf(StageDefinitions, texts[^1], out var stage)) throw new ArgumentException($"'{stage}' is a pre-aggregation: a rule must follow it, such as {stage}|mean.");
    }

    private static bool IsOneOf(IReadOnlyList<RuleDefinition> definitions, string text, out string name)
    {
        name = NamedParameters.TryParse(text, out var asked) ? asked.Name : "";
        return definitions.Select(static definition => definition.Info.Name).Contains(name);
    }

    private static string Names(IReadOnlyList<RuleDefinition> definitions) => string.Join(", ", definitions.Select(static definition => definition.Info.Name));

    private static Rule Build(string text, string kind, IReadOnlyList<RuleDefinition> definitions, int defaultF)
    {
        var (asked, definition) = Catalog.Find(text, kind, definitions, static d => d.Info.Name);
        return definition.Build(new Arguments(asked, definition.Info.Parameters, defaultF));
    }
}
