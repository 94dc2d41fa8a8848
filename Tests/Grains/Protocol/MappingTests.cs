using Basgd.Contracts;
using Basgd.Protocol;
using CsCheck;

namespace Basgd.Grains.Tests.Protocol;

public sealed class MappingTests
{
    private static readonly Gen<(int Workers, int Buffers, HashSet<int> Active)> Cases =
        from workers in Gen.Int[1, 40]
        from buffers in Gen.Int[1, workers]
        from active in Gen.Bool.Array[workers]
        select (workers, buffers, active.Index().Where(static entry => entry.Item).Select(static entry => entry.Index).ToHashSet());

    [Fact]
    public void Starts_as_in_the_paper()
    {
        var routing = Mapping.Initial(5, 2);
        routing.MappingEpoch.ShouldBe(0);
        routing.BufferOf.ShouldBe([0, 1, 0, 1, 0]);
    }

    [Theory]
    [InlineData(5, 5)]
    [InlineData(9, 5)]
    [InlineData(4, 4)]
    [InlineData(3, 3)]
    [InlineData(2, null)]
    [InlineData(0, null)]
    public void With_too_few_active_workers_a_job_that_may_goes_on_with_fewer_buffers_but_no_fewer_than_withstand_r(int active, int? buffers)
    {
        var spec = new JobSpec { Workers = 9, Buffers = 5, Tolerate = 1, ShrinkBuffers = true };
        Mapping.BuffersFor(spec, active).ShouldBe(buffers);
        Mapping.BuffersFor(spec with { ShrinkBuffers = false }, active).ShouldBe(active >= 5 ? 5 : null);
    }

    [Theory]
    [InlineData("krum", 4, null)]
    [InlineData("krum", 5, 5)]
    [InlineData("mean", 1, null)]
    [InlineData("median", 3, 3)]
    public void No_fewer_buffers_than_the_rule_takes(string rule, int active, int? buffers) =>
        Mapping.BuffersFor(new JobSpec { Workers = 9, Buffers = 7, Tolerate = 1, ShrinkBuffers = true, Rule = rule }, active).ShouldBe(buffers);

    [Fact]
    public void The_routing_says_how_many_buffers_are_in_use()
    {
        var routing = Mapping.Initial(6, 4);
        routing.Buffers.ShouldBe(4);
        var shrunk = Mapping.Reassign(routing, new HashSet<int> { 1, 5 }, 2)!;
        shrunk.Buffers.ShouldBe(2);
        shrunk.BufferOf.ShouldBe([0, 0, 1, 0, 1, 1]);
        Mapping.Reassign(shrunk, new HashSet<int> { 0, 1, 2, 5 }, 4)!.Buffers.ShouldBe(4);
    }

    [Fact]
    public void Reassignment_gives_every_buffer_its_fair_number_of_active_workers_or_is_impossible() =>
        Cases.Sample(static (workers, buffers, active) =>
        {
            var before = Mapping.Initial(workers, buffers) with { MappingEpoch = 6 };
            var after = Mapping.Reassign(before, active, buffers);
            if (active.Count < buffers)
            {
                after.ShouldBeNull();
                return;
            }

            after!.MappingEpoch.ShouldBe(7);
            after.BufferOf.Count.ShouldBe(workers);
            after.BufferOf.ShouldAllBe(b => b >= 0 && b < buffers);
            var perBuffer = Enumerable.Range(0, buffers).Select(b => active.Count(worker => after.BufferOf[worker] == b)).ToArray();
            perBuffer.Min().ShouldBeGreaterThanOrEqualTo(1);
            (perBuffer.Max() - perBuffer.Min()).ShouldBeLessThanOrEqualTo(1);
            Mapping.Reassign(before, active.Reverse().ToHashSet(), buffers)!.BufferOf.ShouldBe(after.BufferOf);
        });

    [Fact]
    public void A_reshuffle_deals_active_and_silent_workers_evenly_by_the_seed_or_is_impossible() =>
        Cases.Sample(static (workers, buffers, active) =>
        {
            var before = Mapping.Initial(workers, buffers) with { MappingEpoch = 6, Planned = 2 };
            var after = Mapping.Reshuffle(before, active, seed: 7);
            if (active.Count < buffers)
            {
                after.ShouldBeNull();
                return;
            }

            after.ShouldNotBeNull();
            (after.MappingEpoch, after.Planned, after.Reassignments).ShouldBe((7, 3, before.Reassignments));
            foreach (var group in (int[][])[[.. active], [.. Enumerable.Range(0, workers).Except(active)]])
            {
                int[] sizes = [.. Enumerable.Range(0, buffers).Select(b => group.Count(worker => after.BufferOf[worker] == b))];
                (sizes.Max() - sizes.Min()).ShouldBeLessThanOrEqualTo(1);
            }

            Mapping.Reshuffle(before, active, seed: 7)!.BufferOf.ShouldBe(after.BufferOf);
        });

    [Fact]
    public void Reshuffles_bring_every_two_workers_together_and_apart()
    {
        var everyone = Enumerable.Range(0, 12).ToHashSet();
        var routing = Mapping.Initial(12, 6);
        var together = new int[12, 12];
        const int Epochs = 400;
        for (var epoch = 0; epoch < Epochs; epoch++)
        {
            routing = Mapping.Reshuffle(routing, everyone, seed: 3)!;
            foreach (var a in everyone)
                foreach (var b in everyone) together[a, b] += routing.BufferOf[a] == routing.BufferOf[b] ? 1 : 0;
        }

        // Each has one of 11 others beside it: 36 of 400 expected, with a deviation of 6.
        foreach (var a in everyone)
            foreach (var b in everyone.Where(other => other != a)) together[a, b].ShouldBeInRange(10, 65, $"workers {a} and {b}");
    }

    [Theory]
    [InlineData(null, 10, false)]
    [InlineData(10L, 0, false)]
    [InlineData(10L, 9, false)]
    [InlineData(10L, 10, true)]
    [InlineData(10L, 30, true)]
    [InlineData(1L, 1, true)]
    public void A_reshuffle_is_due_every_so_many_steps(long? every, long step, bool due) =>
        Mapping.IsReshuffleDue(new JobSpec { ReshuffleEverySteps = every }, step).ShouldBe(due);
}
