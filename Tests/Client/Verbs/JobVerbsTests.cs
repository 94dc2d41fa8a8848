using Basgd.Client.Clusters;
using Basgd.Client.Tests.Fakes;
using Basgd.Client.Watching;
using Basgd.Contracts;
using Basgd.Contracts.Attaching;

namespace Basgd.Client.Tests.Verbs;

public sealed class JobVerbsTests
{
    private readonly Command command = new();

    private FakeJob Job => command.Cluster.TheJob;

    [Fact]
    public async Task Submit_passes_on_what_the_cluster_warns_of()
    {
        Job.Warnings = ["buffers = 100: more than the 64 slots"];
        (await command.Run("submit", "--state", "here")).ShouldBe(ExitCode.Done);
        command.Error.ShouldBe("warning: buffers = 100: more than the 64 slots\n");

        await command.Run("submit", "--state", "here", "--json");
        command.Json.GetProperty("warnings")[0].GetString().ShouldBe("buffers = 100: more than the 64 slots");
        command.Error.ShouldContain("warning: ");
    }

    [Fact]
    public async Task Train_warns_of_a_job_that_one_bad_worker_stops()
    {
        await command.Run("train", "--steps", "30", "--workers", "5", "--buffers", "5", "--byzantine", "1", "--attack", "nan");
        command.Error.ShouldStartWith("warning: buffers = 5: more than workers - tolerate = 4, so the job makes no step while one worker is silent");
    }

    [Fact]
    public async Task Train_submits_watches_judges_the_final_model_and_sums_up()
    {
        (await command.Run("train", "--steps", "30", "--state", "here", "--slots", "3")).ShouldBe(ExitCode.Done);

        command.Cluster.Opened.ShouldBe(new ClusterTarget(null, "here", new SiloStart(Page: 8080)) { Need = new Need("train", 3, "lenet5-fashion-mnist"), Use = StateUse.Make });
        Job.Calls.ShouldBe(["Submit", "Evaluate"]);
        command.Out.ShouldContain("step 30 of 30");
        command.Out.ShouldContain("87.50 %");
        command.Out.ShouldContain("/state/checkpoint");
        command.Out.ShouldContain("basgd evaluate lenet5-fashion-mnist --state here");
        command.Out.ShouldContain("basgd export lenet5-fashion-mnist --state here --to lenet5-fashion-mnist.safetensors");
        command.Cluster.Disposed.ShouldBeTrue();
    }

    [Fact]
    public async Task What_the_silo_fetches_first_is_said_once_each()
    {
        Job.OnSubmit = () =>
        {
            command.Cluster.Progress!(new SiloProgress("downloading images", 1, 10));
            command.Cluster.Progress!(new SiloProgress("downloading images", 9, 10));
            command.Cluster.Progress!(new SiloProgress("downloading labels"));
        };
        (await command.Run("train", "--steps", "30")).ShouldBe(ExitCode.Done);
        command.Out.ShouldStartWith("preparing lenet5 on fashion-mnist\ndownloading images\ndownloading labels\nrunning");
    }

    [Fact]
    public async Task A_silo_that_ends_is_told_with_the_way_to_go_on()
    {
        Job.OnLook = static _ => throw new ClusterException("the silo ended");
        (await command.Run("train")).ShouldBe(ExitCode.Failed);
        command.Error.ShouldContain("the silo ended\nGo on from the last durable step: basgd resume lenet5-fashion-mnist");
    }

    [Fact]
    public async Task Train_does_not_judge_the_same_model_twice()
    {
        Job.LastEvaluation = new EvaluationPoint(new ModelVersion(0, 30), 1, 0.5, 0.9, DateTimeOffset.UnixEpoch);
        (await command.Run("train", "--steps", "30")).ShouldBe(ExitCode.Done);
        Job.Calls.ShouldBe(["Submit"]);
    }

    [Fact]
    public async Task Train_goes_on_with_a_paused_job_of_the_same_spec()
    {
        Job.Phase = JobPhase.Paused;
        (await command.Run("train", "--steps", "30")).ShouldBe(ExitCode.Done);
        Job.Calls.ShouldBe(["Submit", "Resume", "Evaluate"]);
    }

    [Fact]
    public async Task Train_with_json_answers_one_document_and_shows_progress_on_standard_error()
    {
        (await command.Run("train", "--steps", "30", "--json")).ShouldBe(ExitCode.Done);
        command.Json.GetProperty("phase").GetString().ShouldBe("completed");
        command.Json.GetProperty("lastEvaluation").GetProperty("accuracy").GetDouble().ShouldBe(0.875);
        command.Error.ShouldContain("running  step 10 of 30");
    }

    [Fact]
    public async Task A_job_that_fails_fails_the_command()
    {
        Job.OnLook = static job => job.Phase = JobPhase.Failed;
        (await command.Run("train")).ShouldBe(ExitCode.Failed);
        command.Out.ShouldContain("failed");
    }

    [Fact]
    public async Task Ctrl_C_pauses_the_job_and_says_how_to_go_on()
    {
        Job.OnLook = _ => command.Interrupt.Cancel();
        (await command.Run("train", "--steps", "30", "--state", "here")).ShouldBe(ExitCode.Paused);
        Job.Phase.ShouldBe(JobPhase.Paused);
        command.Out.ShouldContain("finishing the round");
        command.Out.ShouldContain("basgd resume lenet5-fashion-mnist --state here");
        command.Cluster.Disposed.ShouldBeTrue();
    }

    [Fact]
    public async Task A_silo_that_restarts_is_waited_for_quietly()
    {
        Job.OnLook = static job =>
        {
            if (job.Spec.Steps == 30 && job.Calls.Count == 1)
            {
                job.Calls.Add("trouble");
                for (var i = 0; i < 5; i++) job.Trouble.Enqueue(new Orleans.Runtime.SiloUnavailableException("gone"));
            }
        };
        (await command.Run("train", "--steps", "30")).ShouldBe(ExitCode.Done);
        command.Error.ShouldBeEmpty();
    }

    [Fact]
    public async Task Nobody_waits_for_ever()
    {
        Job.Phase = JobPhase.Running;
        for (var i = 0; i < 1000; i++) Job.Trouble.Enqueue(new TimeoutException("no answer"));
        (await command.Run("watch", "x")).ShouldBe(ExitCode.Failed);
        command.Time.Elapsed.ShouldBeInRange(StatusReader.SilenceTimeout, StatusReader.SilenceTimeout + TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Resume_on_a_local_silo_watches_to_the_end()
    {
        Job.Phase = JobPhase.Paused;
        (await command.Run("resume", "x")).ShouldBe(ExitCode.Done);
        Job.Calls.ShouldBe(["Resume", "Evaluate"]);
        command.Cluster.Opened!.Start.ShouldBe(new SiloStart(Page: 8080));
        command.Cluster.Opened.Need.ShouldBe(new Need("resume", 64, "x"));
    }

    [Fact]
    public async Task Resume_of_a_completed_job_sums_up()
    {
        Job.Phase = JobPhase.Completed;
        (await command.Run("resume", "x")).ShouldBe(ExitCode.Done);
        Job.Calls.ShouldBe(["Evaluate"]);
    }

    [Fact]
    public async Task Resume_on_a_cluster_leaves_at_once()
    {
        Job.Phase = JobPhase.Paused;
        (await command.Run("resume", "x", "--cluster", "host:30000")).ShouldBe(ExitCode.Done);
        Job.Calls.ShouldBe(["Resume"]);
        Job.Phase.ShouldBe(JobPhase.Running);
    }

    [Fact]
    public async Task Watch_starts_no_silo_and_leaves_the_job_alone_on_Ctrl_C()
    {
        Job.Phase = JobPhase.Running;
        Job.OnLook = _ => command.Interrupt.Cancel();
        (await command.Run("watch", "x")).ShouldBe(ExitCode.Failed);
        command.Cluster.Opened!.Start.ShouldBeNull();
        Job.Calls.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("pause", JobPhase.Paused)]
    [InlineData("stop", JobPhase.Stopped)]
    public async Task A_job_is_told(string verb, JobPhase phase)
    {
        Job.Phase = JobPhase.Running;
        (await command.Run(verb, "x", "--json")).ShouldBe(ExitCode.Done);
        command.Json.GetProperty("phase").GetString().ShouldBe(Show.Phase(phase));
        command.Cluster.Opened!.Need.ShouldBe(new Need(verb));
    }

    [Theory]
    [InlineData("pause")]
    [InlineData("stop")]
    public async Task A_verb_that_takes_long_tells_what_it_waits_for(string verb)
    {
        const string Reason = "storage does not answer (redis, localhost:6379): connection refused; trying again";
        var busy = new TaskCompletionSource();
        var looks = 0;
        (Job.Phase, Job.Message, Job.Busy) = (JobPhase.Running, Reason, busy.Task);
        Job.OnLook = _ =>
        {
            if (++looks == 3) busy.TrySetResult();
        };

        (await command.Run(verb, "x", "--json")).ShouldBe(ExitCode.Done);

        command.Error.Split('\n').Count(static line => line == Reason).ShouldBe(1);
    }

    [Fact]
    public async Task A_worker_is_let_out_of_quarantine_as_status_says_how()
    {
        (Job.Phase, Job.Quarantined) = (JobPhase.Paused, [3, 5]);
        (await command.Run("status", "x")).ShouldBe(ExitCode.Done);
        command.Out.ShouldContain("worker 3, worker 5");
        command.Out.ShouldContain("basgd lift lenet5-fashion-mnist 3");

        (await command.Run("lift", "x", "3", "--json")).ShouldBe(ExitCode.Done);
        Job.Calls.ShouldBe(["Lift 3"]);
        command.Json.GetProperty("quarantined").EnumerateArray().Select(static worker => worker.GetInt32()).ShouldBe([5]);
    }

    [Fact]
    public async Task Status_without_a_name_lists_the_jobs()
    {
        (await command.Run("status")).ShouldBe(ExitCode.Done);
        command.Out.ShouldContain("one");
        command.Out.ShouldContain("paused");
    }

    [Fact]
    public async Task Status_with_json_has_null_for_a_number_that_is_none()
    {
        Job.Phase = JobPhase.Running;
        (await command.Run("status", "x", "--json")).ShouldBe(ExitCode.Done);
        command.Json.GetProperty("trainingLoss").ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
        command.Json.GetProperty("spec").GetProperty("durability").GetString().ShouldBe("step");
    }

    [Fact]
    public async Task Status_of_nobody_fails()
    {
        (await command.Run("status", "nobody")).ShouldBe(ExitCode.Failed);
        command.Error.ShouldContain("there is no such job");
    }

    [Fact]
    public async Task Evaluate_asks_a_silo_that_does_not_train()
    {
        (await command.Run("evaluate", "x")).ShouldBe(ExitCode.Done);
        command.Out.ShouldContain("87.50 %");
        command.Cluster.Opened!.Need.ShouldBe(new Need("evaluate"));
    }
}
