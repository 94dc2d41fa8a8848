using Basgd.Aggregation;
using Basgd.Contracts;
using Basgd.Protocol;

namespace Basgd.Grains.Tests.Protocol;

public sealed class StepTests
{
    private static readonly IRule<float> Mean = Rules.Create<float>("mean");

    private static ModelState Start => ModelState.Initial(Given.Vector(1, 2), workers: 3, buffers: 2);

    [Fact]
    public void Starts_with_nothing_applied()
    {
        Start.Version.ShouldBe(Given.At(0));
        Start.LastApplied.ShouldBe([-1, -1, -1]);
        Start.GradientsApplied.ShouldBe(0);
        Start.TrainingLoss.ShouldBe(double.NaN);
        Start.Routing.BufferOf.ShouldBe([0, 1, 0]);
    }

    [Fact]
    public void Descends_along_the_aggregate_and_leaves_the_state_before_as_it_was()
    {
        var before = Start;
        var after = Step.Make(before, [Seal(0, 2, 4, (0, 0)), Seal(0, 4, 8, (1, 0))], Mean, learningRate: 0.5, weightDecay: 0);
        Given.Floats(after.Parameters).ShouldBe([1 - (0.5f * 3), 2 - (0.5f * 6)]);
        after.Version.ShouldBe(Given.At(1));
        Given.Floats(before.Parameters).ShouldBe([1, 2]);
        before.LastApplied.ShouldBe([-1, -1, -1]);
    }

    [Fact]
    public void Weight_decay_pulls_towards_zero()
    {
        var after = Step.Make(Start, [Seal(0, 0, 0, (0, 0)), Seal(0, 0, 0, (1, 0))], Mean, learningRate: 0.5, weightDecay: 0.25);
        Given.Floats(after.Parameters).ShouldBe([1 * 0.875f, 2 * 0.875f]);
    }

    [Fact]
    public void Momentum_adds_up_aggregates_and_leaves_the_state_before_as_it_was()
    {
        var first = Step.Make(Start, [Seal(0, 2, 4, (0, 0)), Seal(0, 4, 8, (1, 0))], Mean, learningRate: 0.5, weightDecay: 0.25, momentum: 0.5);
        Given.Floats(first.Velocity).ShouldBe([3, 6]);
        Given.Floats(first.Parameters).ShouldBe([1 - (0.5f * (3 + 0.25f)), 2 - (0.5f * (6 + 0.5f))]);

        var second = Step.Make(first, [Seal(1, 1, -1, (0, 1)), Seal(1, 1, -1, (1, 1))], Mean, learningRate: 0.5, weightDecay: 0, momentum: 0.5);
        Given.Floats(second.Velocity).ShouldBe([(0.5f * 3) + 1, (0.5f * 6) - 1]);
        Given.Floats(second.Parameters).ShouldBe([-0.625f - (0.5f * 2.5f), -1.25f - (0.5f * 2)]);
        Given.Floats(first.Velocity).ShouldBe([3, 6]);
        Given.Floats(first.Parameters).ShouldBe([-0.625f, -1.25f]);
    }

    [Fact]
    public void Without_momentum_there_is_no_velocity() =>
        Step.Make(Start, [Seal(0, 2, 4, (0, 0)), Seal(0, 4, 8, (1, 0))], Mean, learningRate: 0.5, weightDecay: 0).Velocity.ShouldBeNull();

    [Fact]
    public void Counts_contributions_and_remembers_the_newest_of_each_worker()
    {
        var first = Step.Make(Start, [Seal(0, 0, 0, (0, 4), (2, 1), (0, 5)), Seal(0, 0, 0, (1, 0))], Mean, 1, 0);
        first.GradientsApplied.ShouldBe(4);
        first.LastApplied.ShouldBe([5, 0, 1]);
        var second = Step.Make(first, [Seal(1, 0, 0, (2, 7)), Seal(1, 0, 0, (1, 1))], Mean, 1, 0);
        second.GradientsApplied.ShouldBe(6);
        second.LastApplied.ShouldBe([5, 1, 7]);
    }

    [Fact]
    public void Takes_only_what_is_new_and_comes_from_workers_of_the_buffer()
    {
        var state = Start with { LastApplied = [3, -1, -1] };
        Step.CanTake(state, 0, Seal(0, 0, 0, (0, 4), (2, 0))).ShouldBeTrue();
        Step.CanTake(state, 0, Seal(0, 0, 0, (2, 0), (0, 3))).ShouldBeFalse();
        Step.CanTake(state, 0, Seal(0, 0, 0, (0, 4), (1, 0))).ShouldBeFalse();
    }

    [Fact]
    public void The_loss_is_the_median_of_the_buffers_smoothed_over_steps_whatever_a_minority_reports()
    {
        var first = Step.Make(Start, [Loss(0, 2), Loss(1, 4), Loss(2, double.NaN)], Mean, 1, 0);
        first.TrainingLoss.ShouldBe(3);
        var second = Step.Make(first, [Loss(0, 1e300), Loss(1, 5), Loss(2, 5)], Mean, 1, 0);
        second.TrainingLoss.ShouldBe(3 + (0.05 * 2), 1e-12);
        Step.Make(second, [Loss(0, double.NaN), Loss(1, double.PositiveInfinity)], Mean, 1, 0).TrainingLoss.ShouldBe(second.TrainingLoss);
    }

    [Fact]
    public void Parameters_that_would_not_be_finite_are_refused()
    {
        var before = Start;
        var failure = Should.Throw<DivergedException>(() => Step.Make(before, [Seal(0, float.MaxValue, 0, (0, 0))], Mean, learningRate: 10, weightDecay: 0));
        failure.Message.ShouldContain("step 1");
        Given.Floats(before.Parameters).ShouldBe([1, 2]);
    }

    [Fact]
    public void A_rule_that_refuses_the_rows_is_heard() =>
        Should.Throw<ArgumentException>(() => Step.Make(Start, [Loss(0, 1), Loss(1, 1)], Rules.Create<float>("trimmed-mean(f=1)"), 1, 0));

    private static SealedRound Seal(long round, float first, float second, params (int Worker, long Sequence)[] contributions) =>
        new(round, Given.Vector(first, second), [.. contributions.Select(static c => new Contribution(c.Worker, c.Sequence))], 0.5);

    private static SealedRound Loss(int worker, double loss) => new(0, Given.Vector(0, 0), [new Contribution(worker, 0)], loss);
}
