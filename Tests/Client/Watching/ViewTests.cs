using Basgd.Client.Clusters;
using Basgd.Client.Tests.Fakes;
using Basgd.Client.Watching;
using Basgd.Contracts;
using Spectre.Console.Testing;

namespace Basgd.Client.Tests.Watching;

public sealed class ViewTests
{
    private static readonly JobSpec Spec = new() { Name = "a[b]", Steps = 2000 };
    private readonly TestConsole console = new TestConsole().Width(120);

    [Fact]
    public void The_view_shows_step_epoch_rate_loss_accuracy_and_every_buffer()
    {
        console.Write(ProgressView.Of(Statuses.Of(Spec, JobPhase.Running, 1500) with
        {
            LastEvaluation = new EvaluationPoint(new ModelVersion(0, 1200), 12, 0.5, 0.8765, DateTimeOffset.UnixEpoch),
            Message = "waiting for [somebody]",
            Leases = [new LeaseStatus(3, "S10.0.0.1:11111:98", DateTimeOffset.UnixEpoch)],
            Obstacles = [new SiloObstacle("S10.0.0.2:11111:98", "it does not know model = [mine]")],
        }));

        console.Lines.Select(static line => line.TrimEnd()).ShouldBe(
        [
            "a[b]  running",
            "━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━──────────  75.0 %",
            "step 1,500 of 2,000   epoch 15.00   412 gradients/s",
            "training loss 0.4321   test accuracy 87.65 % at step 1,200",
            "buffers  ▁ 0  ▁ 1*  ▂ 2  ▃ 3  ▄ 4",
            "workers  1 of 8 leased to silos",
            "waiting for [somebody]",
            "silo 10.0.0.2:11111 cannot run the job: it does not know model = [mine]",
        ]);
    }

    [Fact]
    public void Many_buffers_are_shown_by_minimum_median_and_maximum()
    {
        var status = Statuses.Of(Spec with { Workers = 2000, Buffers = 100 }, JobPhase.Running, 1500);
        status = status with { Buffers = [.. status.Buffers.Select(static buffer => buffer with { Filled = 30 * (99 - buffer.Buffer) })] };
        console.Write(ProgressView.Of(status));
        console.Lines.ShouldContain("buffers  100: minimum 0, median 1,470, maximum 2,970");
        ProgressView.Line(status).ShouldEndWith("  buffers 100: minimum 0, median 1,470, maximum 2,970");
        ProgressView.Line(Statuses.Of(Spec with { Workers = 16, Buffers = 16 }, JobPhase.Running, 1500)).ShouldEndWith("buffers [0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15]");
    }

    [Fact]
    public void A_language_model_is_judged_by_its_perplexity()
    {
        var status = Statuses.Of(Spec, JobPhase.Completed, 2000) with
        {
            LastEvaluation = new EvaluationPoint(new ModelVersion(0, 1200), 12, 5, 0.25, DateTimeOffset.UnixEpoch, Perplexity: 148.41),
        };
        console.Write(ProgressView.Of(status));
        Summary.Write(console, status, new ClusterTarget("host:1", "state", null));
        console.Output.ShouldContain("test perplexity 148.4 at step 1,200");
        console.Output.ShouldContain("test perplexity  148.4, loss 5");
        ProgressView.Line(status).ShouldContain("test perplexity 148.4");
        console.Output.ShouldNotContain("accuracy");
    }

    [Fact]
    public void What_is_not_known_yet_is_a_dash()
    {
        console.Write(ProgressView.Of(Statuses.Of(Spec, JobPhase.Running, 0)));
        console.Output.ShouldContain("training loss -   test accuracy -");
    }

    [Fact]
    public void The_line_for_logs_is_one_line()
    {
        var line = ProgressView.Line(Statuses.Of(new JobSpec { Epochs = 10 }, JobPhase.Running, 1500));
        line.ShouldBe("running  step 1,500  epoch 15.00 of 10  25.0 %  412 gradients/s  training loss 0.4321  test accuracy -  buffers [0 1 2 3 4]");
    }

    [Fact]
    public void The_summary_names_the_most_suspect_workers_and_nobody_who_is_not()
    {
        var target = new ClusterTarget("host:1", "state", null);
        Summary.Write(console, Statuses.Of(Spec, JobPhase.Running, 1500) with { Suspicion = [0.01, 0.5, 0.994, 0.02, 0.6] }, target);
        console.Output.ShouldContain("suspect    worker 2 (99 %), worker 4 (60 %)");
        console.Output.ShouldNotContain("worker 1");
        Show.Suspects([0.91, 0.92, 0.93, 0.94, 0.95, 0.96, 0.97]).ShouldBe("worker 6 (97 %), worker 5 (96 %), worker 4 (95 %), worker 3 (94 %), worker 2 (93 %), and 2 more");

        var quiet = new TestConsole();
        Summary.Write(quiet, Statuses.Of(Spec, JobPhase.Running, 1500) with { Suspicion = [0.01, 0.2] }, target);
        quiet.Output.ShouldNotContain("suspect");
    }

    [Theory]
    [InlineData("progress {\"message\":\"labels\"}", "labels")]
    [InlineData("progress {\"message\":\"images\",\"received\":1500000}", "images  1.5 MB")]
    [InlineData("progress {\"message\":\"images\",\"received\":13200000,\"total\":26400000}", "images  ━━━━━━━━━━━━────────────  13.2 of 26.4 MB")]
    public void What_a_silo_does_is_shown_with_a_bar_where_the_end_is_known(string line, string text) => Preparation.Text(SiloProgress.Parse(line)!).ShouldBe(text);

    [Theory]
    [InlineData("ready {}")]
    [InlineData("progress of mankind")]
    [InlineData("progress {}")]
    public void Other_lines_are_no_progress(string line) => SiloProgress.Parse(line).ShouldBeNull();

    [Fact]
    public void The_summary_counts_refusals_and_names_the_next_commands()
    {
        Summary.Write(console, Statuses.Of(Spec, JobPhase.Completed, 2000) with
        {
            Refused = new Dictionary<Refusal, long> { [Refusal.TooStale] = 1234, [Refusal.NotFinite] = 0 },
            Checkpoint = "state/x",
        }, new ClusterTarget("host:1", "state", null));

        console.Output.ShouldContain("1,234 TooStale");
        console.Output.ShouldNotContain("NotFinite");
        console.Output.ShouldContain("state/x");
        console.Output.ShouldContain("basgd evaluate 'a[b]' --cluster host:1");
        console.Output.ShouldNotContain("resume");
    }
}
