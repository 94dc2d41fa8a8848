using Basgd.Cluster.Tests.Processes;
using Basgd.Contracts;
using Basgd.Grains.Telemetry;
using Basgd.Tests.Servers;

namespace Basgd.Cluster.Tests.Telemetry;

/// <summary>
/// A server silo and a worker silo, each a process, that tell how a job goes: Prometheus asks both, the server sends by OTLP over
/// gRPC, the worker over HTTP.
/// </summary>
[Collection<Alone>]
[Trait("category", "slow")]
public sealed class TelemetryTests
{
    private const string Secret = "a-key-that-nobody-prints";
    private const int Buffers = 3;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    /// <summary>Learns next to nothing: once a model has learnt all, a gradient is now and then that of one hard example, and whoever sends it suspect for a moment.</summary>
    private static readonly JobSpec Spec = new() { Name = "told", Dataset = "synthetic", Workers = 6, Buffers = Buffers, Byzantine = 0, Tolerate = 1, LearningRate = 1e-5, Steps = 1_000_000, EvaluateEverySeconds = 1 };

    [Fact]
    public async Task Prometheus_and_an_OTLP_receiver_get_all_that_two_silos_tell()
    {
        await using var redis = new RedisServer();
        await redis.InitializeAsync();
        await using var receiver = await OtlpReceiver.Start();
        int[] ports = [Server.FreePort(), Server.FreePort()];
        await using var prometheus = new PrometheusServer(Repository.PathOf("Infra/monitoring/alerts.yml"), ports);
        await prometheus.InitializeAsync();

        await using var server = await ToldSilo.Start("server", redis, ports[0], "grpc", receiver.GrpcAddress, Secret);
        await using var worker = await ToldSilo.Start("worker", redis, ports[1], "http/protobuf", receiver.HttpAddress, Secret);
        await using var client = await ClusterClient.Connect(server.Gateway);
        await Submit(client);
        await client.Until(Spec.Name!, static status => status is { Version.Step: > 50, LastEvaluation: not null }, Limit);

        var got = receiver.Got;
        await Until(() => Task.FromResult(Contribution(got) is not null && Step(got) is not null), () => $"spans: {string.Join(", ", got.Spans.Select(static span => $"{span.Role} {span.Name}").Distinct().Order())}\n{server.Printed}\n{worker.Printed}");
        ExpectContribution(got, Contribution(got)!);
        ExpectStep(got, Step(got)!);
        await Until(() => Task.FromResult(got.Metrics.TryGetValue(("server", "basgd.steps"), out var steps) && steps.Sum.DataPoints is [{ AsInt: > 0 }]), static () => "no steps");
        ExpectMetrics(got);
        await ExpectPrometheus(prometheus);

        got.Keys.Keys.ShouldBe([Secret]);
        got.Services.Keys.ShouldBe(["basgd"]);
        got.Logs.ShouldContain(static log => log.Role == "server" && log.Body == "told is Running");

        // Nothing is said of each gradient or step.
        got.Logs.Count.ShouldBeLessThan(100, string.Join('\n', got.Logs.Take(100)));
        foreach (var silo in new[] { server, worker }) silo.Printed.ShouldNotContain(Secret);
        await client.Job(Spec.Name!).Stop();
    }

    /// <summary>A trace that has come as a whole.</summary>
    private static SentSpan? Contribution(Received got)
    {
        string[] whole = [Spans.Contribution, Spans.Fetch, Spans.Wait, Spans.Compute, Spans.Submit, Spans.Buffer];
        return got.Spans.FirstOrDefault(root => root.Name == Spans.Contribution && root.Attribute(Names.Outcome) == "accepted" && whole.All(name => got.Spans.Any(span => span.Trace == root.Trace && span.Name == name)));
    }

    /// <summary>A step that has come as a whole, with a link to the buffer span of a contribution that has come, too.</summary>
    private static SentSpan? Step(Received got)
    {
        string[] whole = [Spans.Seal, Spans.Aggregate, Spans.Persist, Spans.Commit];
        return got.Spans.FirstOrDefault(root => root.Name == Spans.Step
            && root.Span.Links.Any(link => got.Spans.Any(span => span.Name == Spans.Buffer && span.Span.SpanId == link.SpanId))
            && whole.All(name => got.Spans.Any(span => span.Trace == root.Trace && span.Name == name)));
    }

    private static void ExpectContribution(Received got, SentSpan root)
    {
        var trace = got.Spans.Where(span => span.Trace == root.Trace).ToList();
        var ids = trace.Select(static span => span.Span.SpanId).ToHashSet();
        root.Span.ParentSpanId.IsEmpty.ShouldBeTrue();
        trace.Where(span => span != root).ShouldAllBe(span => ids.Contains(span.Span.ParentSpanId), "every span but the root has its parent in the trace");
        Role(Spans.Contribution).ShouldBe("worker");
        Role(Spans.Compute).ShouldBe("worker");
        Role(Spans.Buffer).ShouldBe("server");
        root.Attribute(Names.Job).ShouldBe(Spec.Name);
        int.Parse(root.Attribute(Names.Worker)!).ShouldBeInRange(0, Spec.Workers - 1);
        var buffer = trace.First(static span => span.Name == Spans.Buffer);
        int.Parse(buffer.Attribute(Names.Buffer)!).ShouldBeInRange(0, Buffers - 1);

        string Role(string name) => trace.First(span => span.Name == name).Role;
    }

    private static void ExpectStep(Received got, SentSpan root)
    {
        root.Role.ShouldBe("server");
        var parts = got.Spans.Where(span => span.Trace == root.Trace && span.Span.ParentSpanId == root.Span.SpanId && span.Source == Names.Source).ToList();
        parts.Where(static part => part.Name == Spans.Seal).Select(static part => part.Attribute(Names.Buffer)).ShouldBe(["0", "1", "2"], ignoreOrder: true);
        foreach (var link in root.Span.Links)
            if (got.Spans.FirstOrDefault(span => span.Span.SpanId == link.SpanId) is { } linked) (linked.Name, linked.Trace).ShouldBe((Spans.Buffer, link.TraceId));
    }

    private static void ExpectMetrics(Received got)
    {
        got.Metrics[("server", "basgd.steps")].Unit.ShouldBe("{step}");
        got.Metrics[("server", "basgd.steps")].Sum.DataPoints.ShouldHaveSingleItem().AsInt.ShouldBeGreaterThan(0);
        got.Metrics[("worker", "basgd.compute.duration")].Histogram.DataPoints.ShouldHaveSingleItem().Count.ShouldBeGreaterThan(0ul);
        got.Metrics.Keys.ShouldNotContain(("worker", "basgd.steps"));
        foreach (var role in new[] { "server", "worker" })
        {
            got.Metrics.Keys.ShouldContain((role, "dotnet.process.memory.working_set"));
            got.Metrics.Keys.ShouldContain(key => key.Role == role && key.Name.StartsWith("orleans", StringComparison.Ordinal));
        }
    }

    private static async Task ExpectPrometheus(PrometheusServer prometheus)
    {
        await Shows("up == 1", 2);
        await Shows("rate(basgd_steps_total{basgd_job='told'}[10s]) > 0", 1);
        await Shows("basgd_buffer_distance{basgd_job='told'}", Buffers);
        await Shows("basgd_evaluation_accuracy{basgd_job='told'} <= 1", 1);
        await Shows($"sum(basgd_buffer_count{{basgd_job='told'}}) == {Buffers}", 1);

        // The dashboard's queries all show something, but for what did not happen. Without tokens and TLS no connection is refused.
        string[] absent = ["reassignments", "suspicion", "certificate", "connections_refused"];
        foreach (var query in MonitoringTests.Queries(Spec.Name!).Where(query => !absent.Any(query.Contains))) await Shows(query, null);
        (await prometheus.Query("ALERTS{alertname!='BasgdFarBuffer'}")).ToString().ShouldBe("[]");

        // What is asked once a second is a second old.
        Task Shows(string query, int? series) => Until(async () => (await prometheus.Query(query)).GetArrayLength() is var count && (series is null ? count > 0 : count == series), () => query);
    }

    private static async Task Submit(ClusterClient client)
    {
        await Until(async () =>
        {
            try
            {
                await client.Job(Spec.Name!).Submit(Spec);
                return true;
            }
            catch (JobRefusedException refusal) when (refusal.Message.Contains("no silo of the cluster computes yet"))
            {
                return false;
            }
        }, static () => "no worker silo");
    }

    private static async Task Until(Func<Task<bool>> condition, Func<string> otherwise)
    {
        using var limit = new CancellationTokenSource(Limit);
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (!await condition())
        {
            try
            {
                await look.WaitForNextTickAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException(otherwise());
            }
        }
    }
}
