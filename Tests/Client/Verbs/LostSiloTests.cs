using Basgd.Client.Clusters;
using Basgd.Client.Tests.Fakes;
using Basgd.Contracts;

namespace Basgd.Client.Tests.Verbs;

/// <summary>What commands make of a silo that is gone, and of a job that is there already.</summary>
public sealed class LostSiloTests
{
    private static readonly SiloEndedException Gone = new("the silo on here ended (out of memory).");

    [Fact]
    public async Task Train_says_that_the_silo_ended_and_goes_on_with_another()
    {
        var command = Losing(1);
        (await command.Run("train", "--steps", "30")).ShouldBe(ExitCode.Done);
        command.Out.ShouldContain("the silo on here ended (out of memory). Starting another.");
        command.Cluster.Reopened.ShouldBe(1);
        command.Cluster.TheJob.Calls.Count(static call => call == "Submit").ShouldBe(1);
    }

    [Fact]
    public async Task A_silo_that_ends_while_the_job_is_submitted_is_asked_again()
    {
        var command = new Command();
        command.Cluster.TheJob.Phase = JobPhase.Paused;
        command.Cluster.TheJob.Trouble.Enqueue(Gone);
        (await command.Run("resume", "x")).ShouldBe(ExitCode.Done);
        command.Cluster.TheJob.Calls.ShouldBe(["Resume", "Evaluate"]);
    }

    [Fact]
    public async Task Train_gives_up_after_three_silos_that_lived_for_moments()
    {
        var command = Losing(3);
        (await command.Run("train", "--steps", "30")).ShouldBe(ExitCode.Failed);
        command.Cluster.Reopened.ShouldBe(2);
        command.Error.ShouldContain("out of memory");
        command.Error.ShouldContain("resume lenet5-fashion-mnist");
    }

    [Fact]
    public async Task Watch_says_that_the_silo_is_gone_and_what_to_do()
    {
        var command = Losing(1, JobPhase.Running);
        command.Cluster.Next.Enqueue(new ClusterException("no silo runs on here"));
        (await command.Run("watch", "x", "--state", "here")).ShouldBe(ExitCode.Failed);
        command.Out.ShouldContain(Gone.Message);
        command.Error.ShouldContain("no silo runs on here");
        command.Error.ShouldContain("resume x --state here");
    }

    [Fact]
    public async Task Watch_goes_on_with_a_silo_that_another_command_starts()
    {
        var command = Losing(1, JobPhase.Running);
        (await command.Run("watch", "x")).ShouldBe(ExitCode.Done);
        command.Cluster.Reopened.ShouldBe(1);
    }

    [Fact]
    public async Task Watch_does_not_wait_for_a_job_that_nobody_has_trained()
    {
        var command = new Command();
        (command.Cluster.TheJob.Phase, command.Cluster.Trains) = (JobPhase.Running, false);
        (await command.Run("watch", "x")).ShouldBe(ExitCode.Failed);
        command.Error.ShouldContain("nobody asks for training any more");
    }

    [Fact]
    public async Task Ctrl_C_leaves_a_job_to_another_command_that_trains_it()
    {
        var command = new Command { Cluster = new FakeCluster { OthersTrain = true } };
        command.Cluster.TheJob.OnLook = _ => command.Interrupt.Cancel();
        (await command.Run("train", "--steps", "30000")).ShouldBe(ExitCode.Failed);
        command.Cluster.TheJob.Phase.ShouldBe(JobPhase.Running);
        command.Out.ShouldContain("others asked for lenet5-fashion-mnist, too, so it goes on");
    }

    [Theory]
    [InlineData(JobPhase.Stopped, ExitCode.Failed)]
    [InlineData(JobPhase.Failed, ExitCode.Failed)]
    [InlineData(JobPhase.Completed, ExitCode.Done)]
    public async Task A_watched_job_that_did_not_complete_fails_the_command(JobPhase phase, int code)
    {
        foreach (var verb in (string[][])[["train"], ["watch", "x"]])
        {
            var command = new Command();
            command.Cluster.TheJob.Phase = phase;
            (await command.Run(verb)).ShouldBe(code);
        }
    }

    [Fact]
    public async Task Watch_of_a_paused_job_says_so_by_its_exit_code()
    {
        var command = new Command();
        command.Cluster.TheJob.Phase = JobPhase.Paused;
        (await command.Run("watch", "x")).ShouldBe(ExitCode.Paused);
    }

    [Fact]
    public async Task A_submitted_job_is_kept_when_the_command_is_gone()
    {
        var command = new Command();
        (await command.Run("submit", "--name", "x", "--workers", "100", "--buffers", "100", "--tolerate", "0", "--byzantine", "0")).ShouldBe(ExitCode.Done);
        command.Cluster.Kept.ShouldBe(("x", 100));
        command.Out.ShouldContain("submitted x; it trains in the background");
    }

    [Theory]
    [InlineData(JobPhase.Paused, ExitCode.Paused, "is paused; resume it with basgd resume x")]
    [InlineData(JobPhase.Completed, ExitCode.Done, "x is completed already")]
    [InlineData(JobPhase.Running, ExitCode.Done, "x runs already")]
    [InlineData(JobPhase.Stopped, ExitCode.Failed, "x is there already: stopped")]
    public async Task Submit_says_what_it_found(JobPhase phase, int code, string said)
    {
        var command = new Command();
        command.Cluster.TheJob.Phase = phase;
        (await command.Run("submit", "--name", "x")).ShouldBe(code);
        command.Out.ShouldContain(said);
        (command.Cluster.Kept is not null).ShouldBe(phase == JobPhase.Running);
    }

    [Fact]
    public async Task Resume_asks_for_room_for_all_workers_of_the_job()
    {
        var command = new Command();
        (command.Cluster.TheJob.Phase, command.Cluster.TheJob.Spec) = (JobPhase.Paused, new JobSpec { Steps = 30, Workers = 100 });
        (await command.Run("resume", "x")).ShouldBe(ExitCode.Done);
        command.Cluster.Slots.ShouldBe(100);

        (await command.Run("resume", "x", "--slots", "3")).ShouldBe(ExitCode.Done);
        command.Cluster.Opened!.Need.Slots.ShouldBe(3);
    }

    /// <summary>A command whose silo ends so many times, each time somebody looks.</summary>
    private static Command Losing(int times, JobPhase? phase = null)
    {
        var command = new Command();
        command.Cluster.TheJob.Phase = phase;
        command.Cluster.TheJob.OnLook = job =>
        {
            // The first look of train is not yet the watcher's.
            if (phase is null && job.Calls.Count == 1) job.Calls.Add("begun");
            else if (times-- > 0) throw Gone;
        };
        return command;
    }
}
