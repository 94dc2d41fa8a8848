using System.Text.Json;
using System.Text.RegularExpressions;
using Basgd.Cluster.Tests.Processes;
using Basgd.Tests.Servers;

namespace Basgd.Cluster.Tests.Telemetry;

/// <summary>Infra/monitoring, as Prometheus' own tool sees it.</summary>
public sealed partial class MonitoringTests
{
    private static string Folder => Repository.PathOf("Infra/monitoring");

    private static string Rules => Path.Combine(Folder, "alerts.yml");

    [Fact]
    public Task Alert_rules_are_well_formed() => Server.Run("promtool", "check", "rules", Rules);

    [Fact]
    public Task The_example_configuration_is_well_formed() => Server.Run("promtool", "check", "config", Path.Combine(Folder, "prometheus.yml"));

    [Fact]
    public Task Alerts_fire_when_they_should_and_only_then() => Server.Run("promtool", "test", "rules", Path.Combine(Folder, "alerts.test.yml"));

    [Fact]
    public void Every_alert_has_a_test()
    {
        var tested = File.ReadAllText(Path.Combine(Folder, "alerts.test.yml"));
        foreach (Match alert in AlertName().Matches(File.ReadAllText(Rules))) tested.ShouldContain($"alertname: {alert.Groups[1].Value}");
    }

    [Fact]
    public void Every_alert_is_in_the_operators_guide_and_no_other()
    {
        var guide = File.ReadAllText(Repository.PathOf("docs/operations.md"));
        AlertInGuide().Matches(guide).Select(static row => row.Groups[1].Value).ShouldBe(AlertName().Matches(File.ReadAllText(Rules)).Select(static alert => alert.Groups[1].Value), ignoreOrder: true);
    }

    [Theory]
    [InlineData("alerts.yml")]
    [InlineData("alerts.test.yml")]
    [InlineData("grafana.json")]
    public void Rules_and_dashboard_name_only_metrics_and_attributes_that_exist(string file) =>
        Names().Matches(File.ReadAllText(Path.Combine(Folder, file))).Select(static name => name.Value).Except([.. Metrics(), .. Attributes()]).ShouldBeEmpty();

    /// <summary>The metrics that the rules go by, as Prometheus calls them.</summary>
    internal static IReadOnlyList<string> MetricsInRules() => [.. Names().Matches(File.ReadAllText(Rules)).Select(static name => name.Value).Intersect(Metrics())];

    /// <summary>What Prometheus calls our metrics, by the table of docs/observability.md, which is held against the code.</summary>
    private static IEnumerable<string> Metrics() =>
        from cells in Documented
        let unit = cells[3] switch { "s" => "_seconds", "By" => "_bytes", _ => "" }
        from suffix in cells[2] switch { "counter" => ["_total"], "histogram" => ["_bucket", "_sum", "_count"], _ => new[] { "" } }
        select $"{Underscored(cells[1])}{unit}{suffix}";

    /// <summary>And their attributes, with the one of the silo on target_info.</summary>
    private static IEnumerable<string> Attributes() => Documented.SelectMany(static cells => Attribute().Matches(cells[4])).Select(static attribute => Underscored(attribute.Value)).Append("basgd_role");

    private static IEnumerable<string[]> Documented =>
        File.ReadLines(Repository.PathOf("docs/observability.md")).Where(static line => line.StartsWith("| `basgd.", StringComparison.Ordinal)).Select(static line => line.Split('|').Select(static cell => cell.Trim(' ', '`')).ToArray());

    private static string Underscored(string name) => name.Replace('.', '_');

    /// <summary>The rules with a second for each minute that they wait or look back, so that a test sees them fire.</summary>
    internal static string RulesInSeconds() => Minutes().Replace(File.ReadAllText(Rules), "$1s");

    /// <summary>Every query of the dashboard, for the job of that name.</summary>
    internal static IReadOnlyList<string> Queries(string job)
    {
        using var dashboard = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, "grafana.json")));
        return
        [
            .. dashboard.RootElement.GetProperty("panels").EnumerateArray()
                .SelectMany(static panel => panel.GetProperty("targets").EnumerateArray())
                .Select(target => target.GetProperty("expr").GetString()!.Replace("$job", job, StringComparison.Ordinal).Replace("$__rate_interval", "30s", StringComparison.Ordinal)),
        ];
    }

    [GeneratedRegex(@"alert: (\w+)")]
    private static partial Regex AlertName();

    [GeneratedRegex(@"^\| (Basgd\w+)", RegexOptions.Multiline)]
    private static partial Regex AlertInGuide();

    [GeneratedRegex(@"basgd\.[a-z.]+")]
    private static partial Regex Attribute();

    [GeneratedRegex(@"\bbasgd_\w+")]
    private static partial Regex Names();

    [GeneratedRegex(@"(?<=for: |\[)(\d+)m")]
    private static partial Regex Minutes();
}
