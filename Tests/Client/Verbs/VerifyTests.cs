using Basgd.Client.Tests.Fakes;
using Basgd.Contracts;

namespace Basgd.Client.Tests.Verbs;

public sealed class VerifyTests
{
    private readonly Command command = new();

    public VerifyTests()
    {
        Job.Phase = JobPhase.Completed;
        Job.Spec = new JobSpec { Workers = 2, Buffers = 2, Ledger = true, Steps = 3 };
        Job.Ledger = [Step(1, [Taken(0, 0)], [Taken(1, 0)]), Step(2, [Taken(0, 1)], [Taken(1, 1)]), Step(3, [Taken(0, 2)], [Taken(1, 2)])];
    }

    private FakeJob Job => command.Cluster.TheJob;

    [Fact]
    public async Task A_ledger_that_holds_is_read_to_its_end_made_again_and_said_to_hold()
    {
        (await command.Run("verify", "job")).ShouldBe(ExitCode.Done);
        Job.Calls.ShouldBe(["ReadLedger 0", "ReadLedger 2", "Replay"]);
        command.Out.ShouldContain("3 steps, 6 gradients, each in one step");
        command.Out.ShouldContain("bit for bit");
    }

    [Fact]
    public async Task A_gradient_in_two_steps_is_told_and_fails()
    {
        Job.Ledger = [Step(1, [Taken(0, 0)], [Taken(1, 0)]), Step(2, [Taken(0, 0)], [Taken(1, 1)])];
        (await command.Run("verify", "job", "--replay", "false")).ShouldBe(ExitCode.Failed);
        command.Out.ShouldContain("worker 0's 0 comes after its 0");
        Job.Calls.ShouldNotContain("Replay");
    }

    [Fact]
    public async Task A_replay_that_differs_fails()
    {
        Job.Replayed = Job.Replayed with { Difference = "1 of 10 parameters differ" };
        (await command.Run("verify", "job", "--replay")).ShouldBe(ExitCode.Failed);
        command.Out.ShouldContain("1 of 10 parameters differ");
    }

    [Fact]
    public async Task A_replay_that_cannot_be_made_is_told_and_is_no_failure()
    {
        Job.Replayed = Job.Replayed with { Obstacle = "step 2: worker 1's 1 is made of 2 gradients" };
        (await command.Run("verify", "job")).ShouldBe(ExitCode.Done);
        command.Out.ShouldContain("cannot be made again");
    }

    [Fact]
    public async Task A_job_with_momentum_is_said_first_to_be_perhaps_not_made_again()
    {
        Job.Spec = Job.Spec with { WorkerMomentum = 0.9 };
        (await command.Run("verify", "job")).ShouldBe(ExitCode.Done);
        command.Out.ShouldStartWith("workerMomentum = 0.9: a momentum may hold gradients that are in no step");
        (await command.Run("verify", "job", "--json")).ShouldBe(ExitCode.Done);
        command.Error.ShouldStartWith("workerMomentum = 0.9");
        command.Json.GetProperty("holds").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task What_was_acknowledged_must_be_somewhere()
    {
        Job.Spec = Job.Spec with { Durability = Durability.Acknowledged };
        Job.Holdings = [Buffer(0, 4, Taken(0, 3)), Buffer(1, 2)];
        (await command.Run("verify", "job", "--json")).ShouldBe(ExitCode.Failed);
        command.Json.GetProperty("holds").GetBoolean().ShouldBeFalse();
        command.Json.GetProperty("messages")[0].GetString().ShouldBe("worker 0: 1 of the sequence numbers 3 … 4 were acknowledged and are in no step");

        Job.Holdings = [Buffer(0, 4, Taken(0, 3), Taken(0, 4)), Buffer(1, 2)];
        (await command.Run("verify", "job", "--json")).ShouldBe(ExitCode.Done);
        command.Json.GetProperty("explained").GetInt64().ShouldBe(0);
        command.Json.GetProperty("steps").GetInt64().ShouldBe(3);
    }

    [Fact]
    public async Task A_large_job_is_made_again_only_where_that_is_asked_for()
    {
        Job.Ledger = [Step(1, [.. Enumerable.Range(0, 60_000).Select(static i => Taken(0, i))], [.. Enumerable.Range(0, 60_000).Select(static i => Taken(1, i))])];
        Job.Dimension = 10_000;
        (await command.Run("verify", "job")).ShouldBe(ExitCode.Done);
        Job.Calls.ShouldBe(["ReadLedger 0"]);
        command.Out.ShouldContain("--replay");
        (await command.Run("verify", "job", "--replay")).ShouldBe(ExitCode.Done);
        Job.Calls.ShouldContain("Replay");
    }

    [Fact]
    public async Task Who_may_only_look_checks_the_ledger_and_is_refused_a_replay_only_where_it_is_asked_for()
    {
        Job.MayAct = false;
        (await command.Run("verify", "job")).ShouldBe(ExitCode.Done);
        command.Out.ShouldContain("not made again: --replay does, for those who may act");
        (await command.Run("verify", "job", "--replay")).ShouldBe(ExitCode.Failed);
        command.Error.ShouldContain("may look, not act");
    }

    private static Contribution Taken(int worker, long sequence) => new(worker, sequence);

    private static LedgerEntry Step(long step, params Contribution[][] buffers) => new(new ModelVersion(0, step), 0, buffers);

    private static BufferHoldings Buffer(int worker, long last, params Contribution[] held) => new(0, 0, new Dictionary<int, long> { [worker] = last }, held, 0);
}
