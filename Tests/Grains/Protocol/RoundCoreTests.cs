using Basgd.Aggregation;
using Basgd.Contracts;
using Basgd.Protocol;
using Microsoft.Extensions.Time.Testing;

namespace Basgd.Grains.Tests.Protocol;

public sealed class RoundCoreTests
{
    private readonly FakeTimeProvider time = new();
    private readonly JobSpec spec = new() { Workers = 4, Buffers = 2, Rule = "mean", LearningRate = 0.1, ReassignAfterSeconds = 10, Steps = 100 };

    [Fact]
    public void A_step_is_due_once_every_buffer_is_full_of_its_round()
    {
        var core = Open(spec);
        core.BufferFull(0, 0).ShouldBeFalse();
        core.BufferFull(0, 0).ShouldBeFalse();
        core.IsReady.ShouldBeFalse();
        core.BufferFull(1, 0).ShouldBeTrue();
        core.BufferFull(1, 0).ShouldBeFalse("only the notice that completes the round says so");
        core.IsReady.ShouldBeTrue();

        core.Close();
        core.IsReady.ShouldBeFalse();
        core.Opening(0).IsOpen.ShouldBeFalse();
        core.Join(0, Report()).ShouldBeNull();
    }

    [Fact]
    public void What_fills_while_a_step_is_made_counts_for_the_next_round()
    {
        var core = Open(spec);
        core.BufferFull(0, 0);
        core.BufferFull(1, 0);
        core.BufferFull(1, 1);
        MakeStep(core, [0], [1]).ShouldBe(AfterStep.Commit);
        (core.FullBuffers, core.EmptyBuffers).ShouldBe((1, 1));
        core.BufferFull(0, 1).ShouldBeTrue();
    }

    [Fact]
    public void A_seal_that_cannot_go_into_the_step_makes_the_round_wait_for_its_buffer()
    {
        var core = Open(spec);
        core.BufferFull(0, 0);
        core.BufferFull(1, 0);
        core.Takes(0, Seal(0, 0)).ShouldBeTrue();
        core.Takes(1, Seal(0, 0)).ShouldBeFalse("worker 0 is mapped to buffer 0");
        core.IsReady.ShouldBeFalse();
        core.BufferFull(1, 0);
        core.Takes(1, null).ShouldBeFalse();
        core.IsReady.ShouldBeFalse();
    }

    [Fact]
    public void A_job_that_reaches_its_end_is_stored_closed_and_not_mapped_again()
    {
        var core = Open(spec with { Steps = 2, ReshuffleEverySteps = 1, Durability = Durability.Interval, CheckpointSteps = 100 });
        MakeStep(core, [0, 2], [1, 3]).ShouldBe(AfterStep.OpenBuffers);
        var epoch = core.State.Routing.MappingEpoch;
        int[][] mapped = [.. Enumerable.Range(0, 2).Select(b => core.State.Routing.BufferOf.Index().Where(entry => entry.Item == b).Select(static entry => entry.Index).ToArray())];

        var last = core.Judge(core.Make(Seals(core, mapped)), Seals(core, mapped));
        core.MustStore(last).ShouldBeTrue();
        core.Advance(last).ShouldBe(AfterStep.CloseBuffers);

        core.IsCompleted.ShouldBeTrue();
        core.IsOpen.ShouldBeFalse();
        core.State.Routing.MappingEpoch.ShouldBe(epoch);
    }

    [Theory]
    [InlineData(Durability.Step, 1, 0, true)]
    [InlineData(Durability.Acknowledged, 1, 0, true)]
    [InlineData(Durability.Interval, 1, 0, false)]
    [InlineData(Durability.Interval, 3, 0, true)]
    [InlineData(Durability.Interval, 1, 20, true)]
    public void A_step_must_be_stored_as_the_durability_says(Durability durability, int steps, int seconds, bool must)
    {
        var core = Open(spec with { Durability = durability, CheckpointSteps = 3, CheckpointSeconds = 20 });
        for (var i = 1; i < steps; i++) MakeStep(core, [0], [1], isStored: false);
        time.Advance(TimeSpan.FromSeconds(seconds));
        core.MustStore(core.Make(Seals(core, [0], [1]))).ShouldBe(must);
    }

    [Fact]
    public void After_a_timeout_active_workers_are_spread_over_all_buffers()
    {
        var core = Open(spec);
        time.Advance(TimeSpan.FromSeconds(10));
        core.IsTimedOut.ShouldBeFalse();
        time.Advance(TimeSpan.FromSeconds(1));
        core.IsTimedOut.ShouldBeTrue();

        var answer = core.Reassign([Report(0, 2), Report()]);

        core.IsTimedOut.ShouldBeFalse("the timer starts again");
        answer.IsStarving.ShouldBeFalse();
        answer.Next!.Routing.BufferOf[0].ShouldNotBe(answer.Next.Routing.BufferOf[2]);
        core.State.Routing.MappingEpoch.ShouldBe(0, "nothing changes before it is stored");
        core.Remap(answer.Next);
        core.Opening(0).MappingEpoch.ShouldBe(1);
    }

    [Fact]
    public void After_a_timeout_with_fewer_active_workers_than_buffers_the_job_waits_or_shrinks()
    {
        var starving = Open(spec).Reassign([Report(0), Report()]);
        (starving.Next, starving.IsStarving, starving.Active).ShouldBe((null, true, 1));

        var shrunk = Open(spec with { ShrinkBuffers = true }).Reassign([Report(0), Report()]);
        shrunk.IsStarving.ShouldBeFalse();
        shrunk.Next!.Routing.Buffers.ShouldBe(1);
    }

    [Fact]
    public void A_shrunk_job_grows_once_more_workers_have_been_active_for_the_timeout()
    {
        var core = Open(spec with { ShrinkBuffers = true });
        core.Remap(core.Reassign([Report(0), Report()]).Next!);
        time.Advance(TimeSpan.FromSeconds(6));
        MakeStep(core, [0, 1]);
        core.Grown().ShouldBeNull("the mapping is younger than the timeout");
        time.Advance(TimeSpan.FromSeconds(6));
        MakeStep(core, [2]);
        core.Grown()!.Routing.Buffers.ShouldBe(2);
        time.Advance(TimeSpan.FromSeconds(11));
        MakeStep(core, [2]);
        core.Grown().ShouldBeNull("one worker is active");
    }

    [Theory]
    [InlineData(Durability.Step, 0, 0, null)]
    [InlineData(Durability.Step, 5, 0, 1)]
    [InlineData(Durability.Step, 0, 2, 3)]
    [InlineData(Durability.Interval, 0, 0, 1)]
    public void An_activation_begins_a_generation_if_steps_may_be_lost(Durability durability, int newestStep, int versionsLost, int? generation) =>
        (Core(spec with { Durability = durability }).Recovered(new ModelVersion(0, newestStep), versionsLost)?.Version.Generation).ShouldBe(generation);

    [Fact]
    public void A_buffer_that_knows_a_newer_model_begins_a_generation()
    {
        var core = Open(spec);
        core.Overtaken(default).ShouldBeNull();
        var next = core.Overtaken(new ModelVersion(2, 9)).ShouldNotBeNull();
        next.Version.ShouldBe(new ModelVersion(3, 0));
        core.BeginGeneration(next);
        core.Opening(0).Version.ShouldBe(next.Version);
    }

    [Fact]
    public void More_unusable_gradients_than_tolerated_workers_mean_divergence()
    {
        var core = Open(spec with { Buffers = 3, Tolerate = 1 });
        core.IsDiverging([Report() with { Unusable = [0] }, Report(), Report()]).ShouldBeFalse();
        core.IsDiverging([Report() with { Unusable = [0] }, Report() with { Unusable = [1] }, Report()]).ShouldBeTrue();
    }

    private RoundCore Open(JobSpec job)
    {
        var core = Core(job);
        core.Begin();
        return core;
    }

    private RoundCore Core(JobSpec job) =>
        new(job, Rules.Create<float>("mean"), new Horizon(job, 1000), time, ModelState.Initial(Given.Vector(1, 1), job.Workers, job.Buffers));

    private static AfterStep MakeStep(RoundCore core, params int[][] workers) => MakeStep(core, workers, isStored: true);

    private static AfterStep MakeStep(RoundCore core, int[] first, int[] second, bool isStored) => MakeStep(core, [first, second], isStored);

    private static AfterStep MakeStep(RoundCore core, int[][] workers, bool isStored)
    {
        var seals = Seals(core, workers);
        var next = core.Judge(core.Make(seals), seals);
        if (isStored) core.Stored(next);
        return core.Advance(next);
    }

    private static SealedRound[] Seals(RoundCore core, params int[][] workers) =>
        [.. workers.Select(buffer => Seal(core.State.Version.Step, buffer))];

    private static SealedRound Seal(long step, params int[] workers) =>
        new(step, Given.Vector(1, 2), [.. workers.Select(worker => new Contribution(worker, step))], 0);

    private static BufferReport Report(params int[] heard) => new(0, 0, null, heard, [], new Dictionary<Refusal, long>(), default);
}
