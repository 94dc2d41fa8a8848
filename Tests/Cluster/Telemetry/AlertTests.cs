using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Basgd.Cluster.Tests.Access;
using Basgd.Cluster.Tests.Processes;
using Basgd.Tests.Certificates;
using Basgd.Tests.Servers;

namespace Basgd.Cluster.Tests.Telemetry;

/// <summary>
/// The shipped alert rules in a real Prometheus, while a real cluster is killed piece by piece. A minute of the rules is a second
/// here. Silos have certificates that expire in a day, and storage is a server of its own, so that it can die alone.
/// </summary>
[Collection<Alone>]
[Trait("category", "slow")]
public sealed class AlertTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Each_alert_fires_when_what_it_is_for_happens_and_not_before()
    {
        using var folder = new StateFolder();
        using var authority = new Authority(folder.Path, "authority");
        await using var membership = new RedisServer();
        await membership.InitializeAsync();
        await using var storage = new RedisServer();
        await storage.InitializeAsync();
        var (gateway, serverHealth, workerHealth) = (Server.FreePort(), Server.FreePort(), Server.FreePort());
        var rules = Path.Combine(folder.Path, "alerts.yml");
        await File.WriteAllTextAsync(rules, MonitoringTests.RulesInSeconds(), TestContext.Current.CancellationToken);
        await using var prometheus = new PrometheusServer(rules, serverHealth, workerHealth);
        await prometheus.InitializeAsync();
        var watch = new Watch(prometheus);
        var options = AccessRun.At(membership.Address).With(new Dictionary<string, string> { ["Basgd__Storage__Redis__Connection"] = storage.Address });
        string[] there = ["--cluster", $"{new IPEndPoint(IPAddress.Loopback, gateway)}", .. authority.ForClient().Options()];

        await watch.Fires("BasgdNoServer", "service_name", "basgd");
        await using var server = await StartServer();
        await using var worker = await AccessRun.Start(["--state", Path.Combine(folder.Path, "worker"), "--role", "worker", "--health-port", $"{workerHealth}"], options.With(authority.Silo("worker")));
        await watch.Ends("BasgdNoServer");
        await watch.Fires("BasgdCertificateExpires", "basgd_certificate", "silo");

        // Every metric that a rule goes by is there while all is well, but suspects, of whom there are none.
        await Submit("steady", "0.00001", "1000000");
        await watch.Shows("basgd_job_leases_wanted == 10 and on (basgd_job) basgd_leases == 10");
        foreach (var metric in MonitoringTests.MetricsInRules().Except(["basgd_worker_suspicion"])) await watch.Shows(metric);
        await watch.Shows("basgd_storage_failures_total == 0");
        await watch.Shows("basgd_connections_refused_total == 0");
        await watch.IsQuiet("BasgdNoServer", "BasgdNoWorkers", "BasgdJobUnattended", "BasgdJobFailed", "BasgdStorageFails", "BasgdStorageConflicts", "BasgdConnectionsRefused");

        await Submit("diverging", "1e300", "1000");
        await watch.Fires("BasgdJobFailed", "basgd_job", "diverging");

        for (var stranger = 0; stranger < 5; stranger++) await SayHello(gateway);
        await watch.Fires("BasgdConnectionsRefused", "basgd_reason", "no_tls");

        await worker.Kill();
        await watch.Fires("BasgdNoWorkers", "basgd_job", "steady");
        await watch.Fires("BasgdSiloDown", "instance", $"127.0.0.1:{workerHealth}");

        await server.Kill();
        await watch.Fires("BasgdNoServer", "service_name", "basgd");
        await watch.Ends("BasgdJobFailed");

        // No worker silo is left to ask for the job, and yet it says how many it wants; the job that failed is not forgotten.
        await using var successor = await StartServer();
        await watch.Shows("sum(max by (basgd_job) (basgd_job_leases_wanted)) == 10");
        await watch.Ends("BasgdNoServer");
        await watch.Fires("BasgdJobFailed", "basgd_job", "diverging");

        await storage.Kill();
        await using var unstored = Program.Start(Built.Client, ["submit", "--name", "unstored", .. Spec("0.1", "10"), .. there]);
        await watch.Fires("BasgdStorageFails", "error_type", "refused");

        Task<Program> StartServer() => AccessRun.Start(
            ["--state", Path.Combine(folder.Path, "server"), "--role", "server", "--gateway-port", $"{gateway}", "--health-port", $"{serverHealth}"], options.With(authority.Silo("server")));

        Task<string> Submit(string name, string learningRate, string steps) => AccessRun.Ask(0, null, ["submit", "--name", name, .. Spec(learningRate, steps), .. there]);

        static string[] Spec(string learningRate, string steps) =>
            ["--dataset", "synthetic", "--model", "softmax", "--workers", "10", "--buffers", "3", "--lr", learningRate, "--steps", steps];
    }

    /// <summary>What somebody who knows nothing of TLS says; waits until the silo closes the connection.</summary>
    private static async Task SayHello(int port)
    {
        using var stranger = new TcpClient();
        await stranger.ConnectAsync(IPAddress.Loopback, port);
        await stranger.GetStream().WriteAsync("GET / HTTP/1.1\r\n\r\n"u8.ToArray());
        try
        {
            while (await stranger.GetStream().ReadAsync(new byte[64]) > 0) continue;
        }
        catch (IOException)
        {
            // Closed by a reset.
        }
    }

    private sealed class Watch(PrometheusServer prometheus)
    {
        public Task Fires(string alert, string label, string value) => Shows($"ALERTS{{alertname='{alert}', alertstate='firing', {label}='{value}'}}");

        public Task Ends(string alert) => Until($"ALERTS{{alertname='{alert}', alertstate='firing'}}", isThere: false);

        public Task Shows(string query) => Until(query, isThere: true);

        public async Task IsQuiet(params string[] alerts) => (await prometheus.Query($"ALERTS{{alertstate='firing', alertname=~'{string.Join('|', alerts)}'}}")).ToString().ShouldBe("[]");

        private async Task Until(string query, bool isThere)
        {
            using var limit = new CancellationTokenSource(Limit);
            using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
            while ((await prometheus.Query(query)).GetArrayLength() > 0 != isThere)
            {
                try
                {
                    await poll.WaitForNextTickAsync(limit.Token);
                }
                catch (OperationCanceledException)
                {
                    throw new TimeoutException($"{query} is {(isThere ? "empty" : "there")} after {Limit}; alerts: {await prometheus.Query("ALERTS")}");
                }
            }
        }
    }
}
