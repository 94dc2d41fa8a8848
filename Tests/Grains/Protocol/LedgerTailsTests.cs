using Basgd.Contracts;
using Basgd.Protocol;

namespace Basgd.Grains.Tests.Protocol;

public sealed class LedgerTailsTests
{
    [Fact]
    public void A_step_appends_what_it_is_made_of()
    {
        var before = ModelState.Initial(Given.Vector(0, 0), workers: 3, buffers: 2, ledger: true);
        var after = Step.Make(before, [Seal((0, 0), (2, 0), (0, 1)), Seal((1, 0))], Basgd.Aggregation.Rules.Create<float>("mean"), 1, 0);
        before.Ledger!.Entries.ShouldBeEmpty();
        var entry = after.Ledger!.Entries.ShouldHaveSingleItem();
        entry.Version.ShouldBe(Given.At(1));
        entry.MappingEpoch.ShouldBe(0);
        entry.Buffers.Select(static buffer => buffer.Select(static c => (c.Worker, c.Sequence))).ShouldBe([[(0, 0), (2, 0), (0, 1)], [(1, 0)]]);
    }

    [Fact]
    public void A_job_without_a_ledger_has_none() =>
        Step.Make(ModelState.Initial(Given.Vector(0, 0), 1, 1), [Seal((0, 0))], Basgd.Aggregation.Rules.Create<float>("mean"), 1, 0).Ledger.ShouldBeNull();

    [Fact]
    public void Full_segments_leave_in_order_and_what_is_left_goes_on()
    {
        var tail = Tail(0, LedgerSegment.Steps - 1);
        tail.FullSegment().ShouldBeNull();
        tail = Tail(0, LedgerTails.Most - 1);
        tail.IsFull().ShouldBeFalse();
        tail = Tail(0, LedgerTails.Most);
        tail.IsFull().ShouldBeTrue();

        var (number, segment) = tail.FullSegment().ShouldNotBeNull();
        number.ShouldBe(0);
        segment.Entries.Select(static entry => entry.Version.Step).ShouldBe(Enumerable.Range(1, LedgerSegment.Steps).Select(static step => (long)step));
        tail = tail.WithoutSegment();
        tail.First.ShouldBe(LedgerSegment.Steps);
        (number, segment) = tail.FullSegment().ShouldNotBeNull();
        number.ShouldBe(1);
        segment.Entries[0].Version.Step.ShouldBe(LedgerSegment.Steps + 1);
        tail.WithoutSegment().ShouldSatisfyAllConditions(static rest => rest.First.ShouldBe(LedgerTails.Most), static rest => rest.Entries.ShouldBeEmpty());
    }

    /// <summary>Steps were lost and made anew: the activation that stored the lost ones may still be at it.</summary>
    [Fact]
    public void A_segment_gives_way_to_itself_and_to_a_newer_generation_only()
    {
        var old = Tail(0, LedgerSegment.Steps).FullSegment()!.Value.Segment;
        var anew = Tail(1, LedgerSegment.Steps).FullSegment()!.Value.Segment;
        old.GivesWayTo(old).ShouldBeTrue();
        old.GivesWayTo(anew).ShouldBeTrue();
        anew.GivesWayTo(old).ShouldBeFalse();
    }

    private static LedgerTail Tail(int generation, int steps) =>
        new(0, [.. Enumerable.Range(1, steps).Select(step => new LedgerEntry(Given.At(step, generation), 0, [[new Contribution(0, step)]]))]);

    private static SealedRound Seal(params (int Worker, long Sequence)[] contributions) =>
        new(0, Given.Vector(0, 0), [.. contributions.Select(static c => new Contribution(c.Worker, c.Sequence))], 0);
}
