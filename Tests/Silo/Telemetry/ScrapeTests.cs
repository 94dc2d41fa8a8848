using System.Net;
using Basgd.Contracts;
using Basgd.Silo.Tests.Hosting;
using Basgd.Tests.Servers;

namespace Basgd.Silo.Tests.Telemetry;

/// <summary>OpenTelemetry takes the meters of all silos of a process for one, and when one of them ends no more is told of the others: alone, as in a process of its own.</summary>
[CollectionDefinition(nameof(ScrapeTests), DisableParallelization = true), Collection(nameof(ScrapeTests))]
[Trait("category", "slow")]
public sealed class ScrapeTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();
    private readonly HttpClient http = new();
    private readonly int port = Server.FreePort();

    public void Dispose()
    {
        http.Dispose();
        directory.Dispose();
    }

    [Fact]
    public async Task A_job_is_seen_on_the_metrics_page_and_in_its_rounds()
    {
        await using var silo = await RunningSilo.Start("--state", directory.Path, "--health-port", $"{port}", "--Basgd:Telemetry:PerWorker=true", "--Basgd:Job:DistancesEvery=2");
        var job = await silo.Submit(LeastSquares.Job("seen"));
        var status = await silo.Until(job, static status => status.Phase == JobPhase.Completed);

        var rounds = await job.GetRounds(default);
        rounds.Select(static round => round.Version.Step).ShouldBe(Enumerable.Range(1, 200).Select(static step => (long)step));
        rounds.Sum(static round => round.Buffers.Sum(static buffer => (long)buffer.Count)).ShouldBe(status.GradientsApplied);
        rounds.ShouldAllBe(static round => round.Buffers.Count == 3 && round.Buffers.All(static buffer => buffer.Count >= buffer.Contributors.Count && buffer.Contributors.Count > 0));
        rounds.ShouldAllBe(static round => round.Version.Step % 2 == 0 || round.Buffers.All(static buffer => buffer.Distance >= 0));
        rounds.ShouldAllBe(static round => round.Version.Step % 2 == 1 || round.Buffers.All(static buffer => buffer.Distance == null));
        (await job.GetRounds(rounds[^2].Version)).Single().Version.ShouldBe(rounds[^1].Version);
        status.Buffers.Select(static buffer => buffer.Distance).ShouldBe(rounds[^2].Buffers.Select(static buffer => buffer.Distance));

        // The job shows its evaluation when it next looks around.
        await RunningSilo.Until(async () => Lines(await http.GetStringAsync(Metrics), "seen", "basgd_evaluation_accuracy").Length == 1);
        var page = await http.GetStringAsync(Metrics);
        Value(page, "seen", "basgd_steps_total").ShouldBe(200);
        Value(page, "seen", "basgd_round_contributions_sum").ShouldBe(status.GradientsApplied);
        Lines(page, "seen", "basgd_contributions_total").ShouldContain(static line => line.Contains("basgd_worker=\"0\"") && line.Contains("basgd_outcome=\"accepted\""));
        Lines(page, "seen", "basgd_buffer_distance").Length.ShouldBe(3);
        Value(page, "seen", "basgd_evaluation_accuracy").ShouldBe(status.LastEvaluation!.Accuracy);
        Lines(page, "seen", "basgd_leases").ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Workers_have_no_series_of_their_own_unless_they_are_asked_for()
    {
        await using var silo = await RunningSilo.Start("--state", directory.Path, "--health-port", $"{port}");
        var job = await silo.Submit(LeastSquares.Job("quiet"));
        await silo.Until(job, static status => status.Phase == JobPhase.Completed);
        var page = await http.GetStringAsync(Metrics);
        Lines(page, "quiet", "basgd_contributions_total").ShouldNotBeEmpty();
        Lines(page, "quiet", "basgd_contributions_total").Length.ShouldBe(1 + Enum.GetValues<Refusal>().Length);
        Lines(page, "quiet", "basgd_contributions_total").ShouldAllBe(static line => !line.Contains("basgd_worker="));
    }

    [Fact]
    public async Task A_job_whose_workers_nobody_acts_as_is_seen_to_starve()
    {
        await using var silo = await RunningSilo.Start("--state", directory.Path, "--health-port", $"{port}", "--slots", "0");
        await silo.Submit(LeastSquares.Job("starving") with { ReassignAfterSeconds = 1 });
        await RunningSilo.Until(async () => Value(await http.GetStringAsync(Metrics), "starving", "basgd_buffer_starving") == 3);
        var page = await http.GetStringAsync(Metrics);
        Value(page, "starving", "basgd_round_age_seconds").ShouldBeGreaterThan(Value(page, "starving", "basgd_reassignment_timeout_seconds"));
        Lines(page, "starving", "basgd_buffer_count").Single(static line => line.Contains("empty")).Split("} ")[1].ShouldStartWith("3");
    }

    /// <summary>Nobody asks for the job: the silo has no slots, as while every worker silo is gone.</summary>
    [Fact]
    public async Task A_running_job_wants_its_leases_after_a_restart_though_no_silo_computes()
    {
        string[] arguments = ["--state", directory.Path, "--health-port", $"{port}", "--slots", "0"];
        await using (var silo = await RunningSilo.Start(arguments))
        {
            await silo.Submit(LeastSquares.Job("waiting"));
            await RunningSilo.Until(async () => Value(await http.GetStringAsync(Metrics), "waiting", "basgd_job_leases_wanted") == 4);
        }

        await using (await RunningSilo.Start(arguments))
        {
            await RunningSilo.Until(async () => Value(await http.GetStringAsync(Metrics), "waiting", "basgd_job_leases_wanted") == 4);
            var page = await http.GetStringAsync(Metrics);
            Value(page, "waiting", "basgd_leases").ShouldBe(0);
            Lines(page, "waiting", "basgd_job_phase").ShouldHaveSingleItem().ShouldContain("basgd_phase=\"running\"");
        }
    }

    [Fact]
    public async Task A_failed_job_is_seen_after_a_restart_when_its_grains_have_ended()
    {
        string[] arguments = ["--state", directory.Path, "--health-port", $"{port}"];
        await using (var silo = await RunningSilo.Start(arguments))
        {
            var job = await silo.Submit(LeastSquares.Job("diverging") with { LearningRate = 1e30, Rule = "mean", Tolerate = 0 });
            await RunningSilo.Until(async () => (await job.GetStatus()).Phase == JobPhase.Failed);
            await RunningSilo.Until(async () => IsFailed(await http.GetStringAsync(Metrics)));
            await RunningSilo.Until(async () => Value(await http.GetStringAsync(Metrics), "diverging", "basgd_job_leases_wanted") == 0);
        }

        await using (await RunningSilo.Start(arguments))
        {
            await RunningSilo.Until(async () => IsFailed(await http.GetStringAsync(Metrics)));
            Lines(await http.GetStringAsync(Metrics), "diverging", "basgd_leases").ShouldBeEmpty();
        }

        static bool IsFailed(string page) => Lines(page, "diverging", "basgd_job_phase") is [var line] && line.Contains("basgd_phase=\"failed\"", StringComparison.Ordinal);
    }

    [Fact]
    public async Task There_is_no_metrics_page_where_it_is_turned_off()
    {
        await using var silo = await RunningSilo.Start("--state", directory.Path, "--health-port", $"{port}", "--Basgd:Telemetry:Prometheus=false");
        using var answer = await http.GetAsync(Metrics);
        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    private Uri Metrics => new($"http://127.0.0.1:{port}/metrics");

    /// <summary>Of one job: silos that run beside this one in the process share its meter.</summary>
    private static string[] Lines(string page, string job, string name) =>
        [.. page.Split('\n').Where(line => line.StartsWith($"{name}{{", StringComparison.Ordinal) && line.Contains($"basgd_job=\"{job}\"", StringComparison.Ordinal))];

    /// <summary>NaN before there is one.</summary>
    private static double Value(string page, string job, string name) => Lines(page, job, name) switch
    {
        [] => double.NaN,
        [var line] => double.Parse(line.Split("} ")[1].Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture),
        var lines => throw new InvalidOperationException(string.Join('\n', lines)),
    };
}
