using System.Net.Http.Json;
using System.Text.Json;

namespace Basgd.Tests.Servers;

/// <summary>Prometheus that asks silos for their metrics once a second.</summary>
/// <param name="rules">Path of a file of alert rules.</param>
/// <param name="targets">Ports on this machine that answer <c>/metrics</c>.</param>
public sealed class PrometheusServer(string rules, params int[] targets) : Server
{
    private readonly HttpClient http = new();

    protected override string ReadyLine => "Server is ready to receive web requests.";

    /// <summary>The answer's <c>result</c> to a query, as of now.</summary>
    public async Task<JsonElement> Query(string query)
    {
        using var answer = await http.GetAsync(new Uri($"http://127.0.0.1:{Port}/api/v1/query?query={Uri.EscapeDataString(query)}"));
        var said = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return said.GetProperty("status").GetString() == "success"
            ? said.GetProperty("data").GetProperty("result")
            : throw new ArgumentException($"{query}: {said.GetProperty("error").GetString()}");
    }

    protected override Task Prepare() => File.WriteAllTextAsync(Path.Combine(Folder, "prometheus.yml"), $"""
        global:
          scrape_interval: 1s
          evaluation_interval: 1s
        rule_files: ["{rules}"]
        scrape_configs:
          - job_name: basgd
            static_configs:
              - targets: [{string.Join(", ", targets.Select(static port => $"'127.0.0.1:{port}'"))}]
        """);

    protected override string[] Command(int port) =>
        ["prometheus", "--config.file", Path.Combine(Folder, "prometheus.yml"), "--storage.tsdb.path", Path.Combine(Folder, "data"), "--web.listen-address", $"127.0.0.1:{port}"];
}
