using Basgd.Contracts;
using Basgd.Protocol;
using CsCheck;

namespace Basgd.Grains.Tests.Protocol;

public sealed class QuarantineTests
{
    private const int After = 3;
    private const double Threshold = 0.9;

    [Fact]
    public void Who_is_above_the_threshold_for_so_many_rounds_in_a_row_is_taken()
    {
        var quarantine = Quarantine.None;
        for (var round = 1; round < After; round++)
        {
            quarantine = Next(quarantine, [0.1, 0.95]);
            quarantine.Workers.ShouldBeEmpty();
        }

        quarantine = Next(quarantine, [0.1, 0.95]);
        quarantine.Workers.ShouldBe([1]);
        quarantine.Streaks.ShouldBeEmpty();
    }

    [Fact]
    public void A_round_at_the_threshold_begins_the_count_anew()
    {
        var quarantine = Next(Next(Next(Quarantine.None, [0.95]), [0.95]), [Threshold]);
        quarantine.Streaks.ShouldBeEmpty();
        Next(Next(quarantine, [0.95]), [0.95]).Workers.ShouldBeEmpty();
    }

    [Fact]
    public void Rounds_that_a_worker_did_not_contribute_to_do_not_count_and_break_nothing()
    {
        var quarantine = Next(Next(Quarantine.None, [0.1, 0.95]), [0.1, 0.95]);
        for (var round = 0; round < 10; round++) quarantine = quarantine.Next([[0]], [0.1, 0.95], After, Threshold, most: 2);
        quarantine.Workers.ShouldBeEmpty();
        quarantine.Next([[0], [1]], [0.1, 0.95], After, Threshold, most: 2).Workers.ShouldBe([1]);
    }

    [Fact]
    public void Of_more_than_there_is_room_for_the_surest_go_and_the_next_when_one_is_lifted()
    {
        var quarantine = Quarantine.None;
        for (var round = 0; round < After; round++) quarantine = Next(quarantine, [0.95, 0.99, 0.95, 0.97]);
        quarantine.Workers.ShouldBe([1, 3]);
        quarantine = Next(quarantine, [0.95, 0.99, 0.95, 0.97]);
        quarantine.Workers.ShouldBe([1, 3]);

        quarantine = quarantine.Without(3);
        quarantine.Workers.ShouldBe([1]);
        Next(quarantine, [0.95, 0.99, 0.95, 0.1]).Workers.ShouldBe([0, 1]);
    }

    /// <summary>What is held against one of them may be the other's doing, and belief needs some rounds to follow when they are dealt apart.</summary>
    [Fact]
    public void Rounds_with_another_suspect_in_the_buffer_do_not_count_and_break_nothing()
    {
        int[][] together = [[0, 1], [2]], apart = [[0], [1, 2]];
        var quarantine = Rounds(Quarantine.None, 10, [0.95, 0.6, 0.1], together);
        quarantine.Workers.ShouldBeEmpty();
        quarantine = Rounds(quarantine, After - 1, [0.95, 0.6, 0.1], apart);
        quarantine.Workers.ShouldBeEmpty();
        quarantine = Rounds(quarantine, 10, [0.95, 0.6, 0.1], together);
        quarantine.Workers.ShouldBeEmpty();
        Rounds(quarantine, 1, [0.95, 0.6, 0.1], apart).Workers.ShouldBe([0]);

        static Quarantine Rounds(Quarantine quarantine, int count, double[] beliefs, int[][] contributors)
        {
            for (var round = 0; round < count; round++) quarantine = quarantine.Next(contributors, beliefs, After, Threshold, most: 2);
            return quarantine;
        }
    }

    /// <summary>Belief may be wrong about which of two it is, and the other one nothing but slow.</summary>
    [Fact]
    public void Rounds_count_in_which_no_one_other_worker_had_a_part()
    {
        var quarantine = Quarantine.None;
        for (var round = 0; round < 10; round++) quarantine = Round(quarantine, [[0, 1], [2, 3]]);
        quarantine.Workers.ShouldBeEmpty();
        quarantine.Streaks[0].Alone.ShouldBe(0);

        // One alone, one with another, one with many.
        quarantine = Round(quarantine, [[0], [1, 2, 3]]);
        quarantine = Round(quarantine, [[0, 2], [1, 3]]);
        quarantine.Workers.ShouldBeEmpty();
        quarantine.Streaks[0].Alone.ShouldBe(2);
        Round(quarantine, [[0, 2, 3], [1]]).Workers.ShouldBe([0]);

        // The other has a part again.
        Round(quarantine, [[0, 1, 2], [3]]).Workers.ShouldBeEmpty();

        static Quarantine Round(Quarantine quarantine, int[][] contributors) => quarantine.Next(contributors, [0.95, 0.4, 0.1, 0.1], After, Threshold, most: 2);
    }

    [Fact]
    public void Who_is_lifted_begins_at_nothing()
    {
        var quarantine = Quarantine.None;
        for (var round = 0; round < After; round++) quarantine = Next(quarantine, [0.95]);
        quarantine = quarantine.Without(0);
        for (var round = 1; round < After; round++) quarantine = Next(quarantine, [0.95]);
        quarantine.Workers.ShouldBeEmpty();
        Next(quarantine, [0.95]).Workers.ShouldBe([0]);
    }

    [Fact]
    public void Whoever_is_in_stays_in_and_there_are_never_more_than_the_most() =>
        (from most in Gen.Int[1, 4]
         from rounds in Gen.Select(Gen.Double[0, 1].Array[6], Gen.Bool.Array[6]).Array[1, 30]
         select (most, rounds)).Sample(static run =>
        {
            var quarantine = Quarantine.None;
            foreach (var (beliefs, heard) in run.rounds)
            {
                var next = quarantine.Next([.. Enumerable.Range(0, 3).Select(b => heard.Index().Where(entry => entry.Item && entry.Index % 3 == b).Select(static entry => entry.Index).ToArray())], beliefs, 2, 0.6, run.most);
                quarantine.Workers.Except(next.Workers).ShouldBeEmpty();
                next.Workers.Count.ShouldBeLessThanOrEqualTo(run.most);
                next.Workers.ShouldBeInOrder();
                next.Streaks.Keys.Intersect(next.Workers).ShouldBeEmpty();
                quarantine = next;
            }
        });

    [Fact]
    public void Nobody_is_judged_by_a_step_that_taught_nothing()
    {
        var spec = new JobSpec { Workers = 4, Buffers = 3, Tolerate = 1, QuarantineAfterRounds = 1 };
        var before = ModelState.Initial(Given.Vector(1), 4, 3) with { Suspicion = Known(4, suspect: 3) };
        SealedRound[] seals = [new(0, Given.Vector(1), [new Contribution(3, 0)], 0)];
        before.Suspicion.Beliefs[3].ShouldBeGreaterThan(spec.QuarantineThreshold);

        (before with { GradientsApplied = 1 }).Judged(spec, before, seals).Quarantine.Workers.ShouldBeEmpty();
        var learnt = before with { Suspicion = Known(4, suspect: 3) };
        learnt.Judged(spec with { QuarantineAfterRounds = null }, before, seals).Quarantine.Workers.ShouldBeEmpty();
        var judged = learnt.Judged(spec, before, seals);
        judged.Quarantine.Workers.ShouldBe([3]);

        var lifted = judged.Lifted(3);
        lifted.Quarantine.Workers.ShouldBeEmpty();
        lifted.Suspicion.Beliefs[3].ShouldBeLessThan(0.5);
    }

    [Theory]
    [InlineData(new[] { 0, 1, 2, 3, 4 }, new[] { 0, 1, 2, 0, 1, 0 })]
    [InlineData(new[] { 0, 4 }, new[] { 0, 1, 2, 0, 1, 0 })]
    [InlineData(new[] { 0, 3, 4 }, new[] { 0, 0, 1, 1, 2, 2 })]
    public void Who_is_taken_counts_as_silent_in_the_mapping_and_others_do_where_enough_were_heard(int[] heard, int[] bufferOf)
    {
        var spec = new JobSpec { Workers = 6, Buffers = 3, Tolerate = 1 };
        var before = ModelState.Initial(Given.Vector(1), 6, 3);
        var after = before with { Quarantine = new Quarantine([5], new Dictionary<int, Streak>()) };
        Mapping.Planned(spec, before, before, heard.ToHashSet()).ShouldBeNull();
        Mapping.Planned(spec, after, after, heard.ToHashSet()).ShouldBeNull();

        var routing = Mapping.Planned(spec, before, after, heard.ToHashSet()).ShouldNotBeNull();
        (routing.MappingEpoch, routing.Planned, routing.Reassignments).ShouldBe((1, 1, 0));
        routing.BufferOf.ShouldBe(bufferOf);
    }

    [Fact]
    public void With_too_few_left_the_job_goes_on_with_fewer_buffers_if_it_may()
    {
        var spec = new JobSpec { Workers = 4, Buffers = 4, Tolerate = 1, ShrinkBuffers = true };
        var before = ModelState.Initial(Given.Vector(1), 4, 4);
        var after = before with { Quarantine = new Quarantine([3], new Dictionary<int, Streak>()) };
        Mapping.Planned(spec, before, after, new HashSet<int> { 0, 1, 2 }).ShouldNotBeNull().Buffers.ShouldBe(3);
    }

    private static Quarantine Next(Quarantine quarantine, double[] beliefs) => quarantine.Next([.. Enumerable.Range(0, beliefs.Length).Select(static worker => new[] { worker })], beliefs, After, Threshold, most: 2);

    /// <summary>All workers but one are known to be alike.</summary>
    private static Suspicion Known(int workers, int suspect) => new(
        new Trait([.. Enumerable.Range(0, workers).Select(worker => worker == suspect ? 5.0 : 0)], [.. Enumerable.Repeat(0.05, workers)]),
        new Trait(new double[workers], [.. Enumerable.Repeat(0.05, workers)]));
}
