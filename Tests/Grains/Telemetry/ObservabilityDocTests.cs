using System.Reflection;
using Basgd.Grains.Telemetry;

namespace Basgd.Grains.Tests.Telemetry;

/// <summary>docs/observability.md has a row for each metric, as it describes itself, and for each span, and no other.</summary>
public sealed class ObservabilityDocTests
{
    private static readonly string[] Written = File.ReadAllLines(Repository.PathOf("docs/observability.md"));

    [Fact]
    public void Every_metric_is_listed_with_its_kind_unit_and_meaning()
    {
        using var collected = new Collected();
        var get = typeof(Collected).GetMethod(nameof(Collected.Get))!;
        foreach (var type in TelemetryServices.Instruments) get.MakeGenericMethod(type).Invoke(collected, null);

        var metrics = collected.Instruments.Select(static instrument => $"{instrument.Name}|{Kind(instrument.GetType().Name)}|{instrument.Unit}|{instrument.Description}");
        Rows("basgd.").Select(static cells => $"{cells[0]}|{cells[1]}|{cells[2]}|{cells[4]}").ShouldBe(metrics, ignoreOrder: true);
    }

    [Fact]
    public void Metrics_are_listed_in_alphabetical_order() => Rows("basgd.").Select(static cells => cells[0]).ShouldBeInOrder(SortDirection.Ascending, StringComparer.Ordinal);

    [Fact]
    public void Every_attribute_listed_is_one_that_the_code_has()
    {
        var known = Constants(typeof(Names));
        foreach (var cell in Written.Where(static line => line.StartsWith("| `", StringComparison.Ordinal)).SelectMany(static line => line.Split('|')[2..^2]))
            foreach (var attribute in cell.Split([' ', '(', ')', ','], StringSplitOptions.RemoveEmptyEntries).Select(static word => word.Trim('`')).Where(static word => word.StartsWith("basgd.", StringComparison.Ordinal)))
                known.ShouldContain(attribute);
    }

    [Fact]
    public void Every_span_is_listed() => Rows("").Where(static cells => !cells[0].Contains('.')).Select(static cells => cells[0]).ShouldBe(Constants(typeof(Spans)), ignoreOrder: true);

    private static string Kind(string type) => type.Contains("Counter", StringComparison.Ordinal) ? "counter" : type.StartsWith("Histogram", StringComparison.Ordinal) ? "histogram" : "gauge";

    private static IEnumerable<string[]> Rows(string prefix) => Written
        .Where(line => line.StartsWith($"| `{prefix}", StringComparison.Ordinal))
        .Select(static line => line.Split('|')[1..^1].Select(static cell => cell.Trim(' ', '`')).ToArray());

    private static IEnumerable<string> Constants(Type type) =>
        type.GetFields(BindingFlags.Public | BindingFlags.Static).Where(static field => field.IsLiteral).Select(static field => field.GetRawConstantValue()).OfType<string>();
}
