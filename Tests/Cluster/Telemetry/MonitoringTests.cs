using System.Text.Json;
using System.Text.RegularExpressions;
using Basgd.Cluster.Tests.Processes;
using Basgd.Tests.Servers;

namespace Basgd.Cluster.Tests.Telemetry;

/// <summary>Infra/monitoring, as Prometheus' own tool sees it.</summary>
public sealed partial class MonitoringTests
{
    private static string Folder => Repository.PathOf("Infra/monitoring");

    [Fact]
    public Task Alert_rules_are_well_formed() => Server.Run("promtool", "check", "rules", Path.Combine(Folder, "alerts.yml"));

    [Fact]
    public Task The_example_configuration_is_well_formed() => Server.Run("promtool", "check", "config", Path.Combine(Folder, "prometheus.yml"));

    [Fact]
    public Task Alerts_fire_when_they_should_and_only_then() => Server.Run("promtool", "test", "rules", Path.Combine(Folder, "alerts.test.yml"));

    [Fact]
    public void Every_alert_has_a_test()
    {
        var tested = File.ReadAllText(Path.Combine(Folder, "alerts.test.yml"));
        foreach (Match alert in AlertName().Matches(File.ReadAllText(Path.Combine(Folder, "alerts.yml")))) tested.ShouldContain($"alertname: {alert.Groups[1].Value}");
    }

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
}
