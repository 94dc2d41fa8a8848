using Basgd.Contracts;
using Basgd.Protocol;

namespace Basgd.Grains.Tests.Protocol;

public sealed class BufferRefusalTests
{
    /// <summary>Everything that is wrong with a submission, in the agreed order; each also has all that come after it wrong where they can be.</summary>
    public static TheoryData<Refusal, string> Wrongs => new()
    {
        { Refusal.WrongSize, "size" },
        { Refusal.WrongSize, "no gradient" },
        { Refusal.WrongBuffer, "epoch" },
        { Refusal.WrongBuffer, "newer epoch" },
        { Refusal.WrongBuffer, "worker" },
        { Refusal.WrongBuffer, "no such worker" },
        { Refusal.Duplicate, "same sequence" },
        { Refusal.Duplicate, "older sequence" },
        { Refusal.Duplicate, "negative sequence" },
        { Refusal.ImplausibleVersion, "newer version" },
        { Refusal.ImplausibleVersion, "other generation" },
        { Refusal.ImplausibleVersion, "negative step" },
        { Refusal.TooStale, "stale" },
        { Refusal.NotFinite, "nan" },
        { Refusal.NotFinite, "infinity" },
    };

    [Theory, MemberData(nameof(Wrongs))]
    public void Each_wrong_is_refused_with_its_reason_and_changes_nothing_but_its_count(Refusal reason, string wrong)
    {
        var buffer = Given.Buffer(Given.Opening(step: 20));
        buffer.ShouldAccept(Given.Gradient(0, 3, value: 5, step: 20));
        var before = Given.Copy(buffer.Save());

        var answer = buffer.Submit(Make(wrong));
        buffer.Submit(Make(wrong));

        answer.Refusal.ShouldBe(reason);
        answer.TakeAtLeast.ShouldBe(Given.At(20));
        buffer.Report().Refused.ShouldBe(new Dictionary<Refusal, long> { [reason] = 2 });
        var after = buffer.Save();
        Given.Floats(after.Means[BufferMean.Everyone]).ShouldBe(Given.Floats(before.Means[BufferMean.Everyone]));
        after.Contributions.ShouldBe(before.Contributions);
        after.LossSum.ShouldBe(before.LossSum);
        after.LastSequence.ShouldBe(before.LastSequence);
        after.OpenRound.ShouldBe(before.OpenRound);
        buffer.ShouldAccept(Given.Gradient(0, 4, step: 20));
    }

    [Fact]
    public void The_first_check_in_the_agreed_order_names_the_reason()
    {
        var buffer = Given.Buffer(Given.Opening(step: 20));
        buffer.ShouldAccept(Given.Gradient(0, 3, step: 20));
        var everything = new Submission(7, 3, 9, Given.At(99), 0, Given.Vector(float.NaN));
        buffer.Submit(everything).Refusal.ShouldBe(Refusal.WrongSize);
        everything = everything with { Gradient = Given.Vector(float.NaN, 0) };
        buffer.Submit(everything).Refusal.ShouldBe(Refusal.WrongBuffer);
        everything = everything with { Worker = 0, MappingEpoch = 0 };
        buffer.Submit(everything).Refusal.ShouldBe(Refusal.Duplicate);
        everything = everything with { Sequence = 4 };
        buffer.Submit(everything).Refusal.ShouldBe(Refusal.ImplausibleVersion);
        everything = everything with { Version = Given.At(9) };
        buffer.Submit(everything).Refusal.ShouldBe(Refusal.TooStale);
        everything = everything with { Version = Given.At(10) };
        buffer.Submit(everything).Refusal.ShouldBe(Refusal.NotFinite);
        everything = everything with { Gradient = Given.Vector(1, 1) };
        buffer.Submit(everything).Refusal.ShouldBeNull();

        buffer.Open(Given.Opening(step: 20, isOpen: false));
        buffer.Submit(new Submission(7, 3, 9, Given.At(99), 0, Given.Vector(float.NaN))).Refusal.ShouldBe(Refusal.Closed);
    }

    /// <summary>Whatever else is wrong with what it sends, but for the mapping.</summary>
    [Fact]
    public void Who_is_in_quarantine_is_refused_and_counted_until_an_opening_says_otherwise()
    {
        var buffer = Given.Buffer(Given.Opening(step: 20) with { Quarantined = new HashSet<int> { 1 } });
        buffer.ShouldAccept(Given.Gradient(0, 0, step: 20));
        buffer.Submit(Given.Gradient(1, 0, step: 20)).ShouldBe(new SubmitResult(Refusal.Quarantined, Given.At(20), -1));
        buffer.RefuseUnseen(Given.Gradient(1, 0, step: 1), 2)!.Refusal.ShouldBe(Refusal.Quarantined);
        buffer.Submit(Given.Gradient(1, 0, step: 20, epoch: 7)).Refusal.ShouldBe(Refusal.WrongBuffer);
        buffer.Report().Refused.ShouldBe(new Dictionary<Refusal, long> { [Refusal.Quarantined] = 2, [Refusal.WrongBuffer] = 1 });
        buffer.Tallies()[1].Refused.ShouldBe(3);
        buffer.Filled.ShouldBe(1);

        buffer.Open(Given.Opening(step: 20));
        buffer.ShouldAccept(Given.Gradient(1, 0, step: 20));
        buffer.Filled.ShouldBe(2);
    }

    [Fact]
    public void Contributions_beyond_the_bound_of_a_worker_are_refused_until_the_next_round()
    {
        var buffer = Given.Buffer(Given.Opening(step: 20) with { MaxContributions = 2 });
        buffer.ShouldAccept(Given.Gradient(0, 0, step: 20));
        buffer.ShouldAccept(Given.Gradient(0, 1, step: 20));
        buffer.RefuseUnseen(Given.Gradient(0, 2, step: 20), 2)!.Refusal.ShouldBe(Refusal.TooMany);
        buffer.Submit(Given.Gradient(0, 2, step: 20)).ShouldBe(new SubmitResult(Refusal.TooMany, Given.At(20), 1));
        buffer.ShouldAccept(Given.Gradient(1, 0, step: 20));
        buffer.Filled.ShouldBe(3);
        buffer.Report().Refused.ShouldBe(new Dictionary<Refusal, long> { [Refusal.TooMany] = 2 });

        buffer.Seal(20).ShouldNotBeNull();
        buffer.ShouldAccept(Given.Gradient(0, 2, step: 20));
        buffer.Commit(Given.At(21));
        buffer.ShouldAccept(Given.Gradient(0, 3, step: 21));
        buffer.Submit(Given.Gradient(0, 4, step: 21)).Refusal.ShouldBe(Refusal.TooMany);
    }

    [Fact]
    public void A_retry_of_the_last_contribution_within_the_bound_is_known_as_taken()
    {
        var buffer = Given.Buffer(Given.Opening() with { MaxContributions = 1 });
        buffer.ShouldAccept(Given.Gradient(0, 0));
        buffer.Submit(Given.Gradient(0, 0)).HasTaken(0).ShouldBeTrue();
    }

    /// <summary>While a step is computed, what comes belongs to the round after it.</summary>
    [Fact]
    public void A_worker_above_the_bound_is_told_which_round_it_waits_for()
    {
        var buffer = Given.Buffer(Given.Opening(step: 4) with { MaxContributions = 1 });
        buffer.ShouldAccept(Given.Gradient(0, 0, step: 4));
        buffer.Seal(4).ShouldNotBeNull();
        buffer.ShouldAccept(Given.Gradient(0, 1, step: 4));
        buffer.Submit(Given.Gradient(0, 2, step: 4)).ShouldBe(new SubmitResult(Refusal.TooMany, Given.At(5), 1));
    }

    /// <summary>Or a worker that computes nothing else would do so for ever.</summary>
    [Fact]
    public void Gradients_that_are_not_finite_have_a_bound_of_their_own()
    {
        var buffer = Given.Buffer(Given.Opening() with { MaxContributions = 1 });
        for (var i = 0; i < BufferCore.MaxNotFinite; i++) buffer.Submit(Given.Gradient(0, i, float.NaN)).Refusal.ShouldBe(Refusal.NotFinite);
        buffer.Submit(Given.Gradient(0, BufferCore.MaxNotFinite)).Refusal.ShouldBe(Refusal.TooMany);
    }

    [Fact]
    public void A_gradient_that_is_not_finite_does_not_keep_the_next_one_from_its_buffer()
    {
        var buffer = Given.Buffer(Given.Opening() with { MaxContributions = 1 });
        buffer.Submit(Given.Gradient(0, 0, float.NaN)).Refusal.ShouldBe(Refusal.NotFinite);
        buffer.ShouldAccept(Given.Gradient(0, 1));
    }

    [Fact]
    public void A_restored_round_counts_what_it_holds_towards_the_bound()
    {
        var opening = Given.Opening() with { MaxContributions = 2 };
        var buffer = Given.Buffer(opening);
        buffer.ShouldAccept(Given.Gradient(0, 0));
        buffer.ShouldAccept(Given.Gradient(0, 1));
        var restored = Given.Reactivated(buffer.Save());
        restored.Open(opening);
        restored.Submit(Given.Gradient(0, 2)).Refusal.ShouldBe(Refusal.TooMany);
    }

    [Fact]
    public void A_new_mapping_starts_the_count_again()
    {
        var opening = Given.Opening() with { MaxContributions = 1 };
        var buffer = Given.Buffer(opening);
        buffer.ShouldAccept(Given.Gradient(0, 0));
        buffer.Open(opening with { MappingEpoch = 1 });
        buffer.ShouldAccept(Given.Gradient(0, 1, epoch: 1));
    }

    [Fact]
    public void Before_the_first_opening_everything_is_refused_as_closed()
    {
        var buffer = new BufferCore();
        buffer.IsJoined.ShouldBeFalse();
        buffer.Submit(Given.Gradient(0, 0)).Refusal.ShouldBe(Refusal.Closed);
        buffer.Report().Refused[Refusal.Closed].ShouldBe(1);
    }

    [Fact]
    public void A_refusal_says_where_the_worker_goes_on()
    {
        var buffer = Given.Buffer(Given.Opening(step: 4, lastApplied: new() { [0] = 6 }));
        buffer.Submit(Given.Gradient(0, 2)).ShouldBe(new SubmitResult(Refusal.Duplicate, Given.At(4), 6));
        buffer.ShouldAccept(Given.Gradient(0, 9));
        buffer.Submit(Given.Gradient(0, 9)).LastSequence.ShouldBe(9);
        buffer.Submit(Given.Gradient(5, 0)).LastSequence.ShouldBe(-1);
    }

    [Fact]
    public void A_model_that_the_sealed_round_may_have_become_is_plausible_and_nothing_newer()
    {
        var buffer = Given.Buffer(Given.Opening(step: 3));
        buffer.ShouldAccept(Given.Gradient(0, 0, step: 3));
        buffer.Submit(Given.Gradient(1, 0, step: 4)).Refusal.ShouldBe(Refusal.ImplausibleVersion);
        buffer.Seal(3);
        buffer.Submit(Given.Gradient(1, 0, step: 5)).Refusal.ShouldBe(Refusal.ImplausibleVersion);
        buffer.ShouldAccept(Given.Gradient(1, 0, step: 4));
        buffer.Commit(Given.At(4));
        buffer.Submit(Given.Gradient(1, 1, step: 5)).Refusal.ShouldBe(Refusal.ImplausibleVersion);
        buffer.ShouldAccept(Given.Gradient(1, 1, step: 4));
    }

    [Fact]
    public void Workers_whose_gradients_at_the_newest_model_are_not_finite_are_reported_until_there_is_a_newer_one()
    {
        var buffer = Given.Buffer(Given.Opening(step: 1));
        buffer.Submit(Given.Gradient(0, 0, value: float.NaN, step: 1));
        buffer.Submit(Given.Gradient(1, 0, value: float.NaN, step: 0));
        buffer.Open(Given.Opening(step: 1));
        buffer.Report().Unusable.ShouldBe([0]);
        buffer.Commit(Given.At(2));
        buffer.Report().Unusable.ShouldBeEmpty();
    }

    private static Submission Make(string wrong)
    {
        var right = Given.Gradient(0, 4, step: 20);
        return wrong switch
        {
            "size" => right with { Gradient = Given.Vector(1, 2, 3) },
            "no gradient" => right with { Gradient = null! },
            "epoch" => right with { MappingEpoch = -1 },
            "newer epoch" => right with { MappingEpoch = 1 },
            "worker" => right with { Worker = 2 },
            "no such worker" => right with { Worker = -1 },
            "same sequence" => right with { Sequence = 3 },
            "older sequence" => right with { Sequence = 0 },
            "negative sequence" => right with { Worker = 1, Sequence = -1 },
            "newer version" => right with { Version = Given.At(21) },
            "other generation" => right with { Version = Given.At(20, generation: 1) },
            "negative step" => right with { Version = Given.At(-1) },
            "stale" => right with { Version = Given.At(9) },
            "nan" => right with { Gradient = Given.Vector(0, float.NaN) },
            "infinity" => right with { Gradient = Given.Vector(float.NegativeInfinity, 0) },
            _ => throw new ArgumentOutOfRangeException(nameof(wrong), wrong, "unknown"),
        };
    }

    [Fact]
    public void What_came_of_each_worker_is_counted_and_strangers_take_no_room()
    {
        var buffer = Given.Buffer(Given.Opening(step: 5));
        buffer.ShouldAccept(Given.Gradient(0, 0, step: 5));
        buffer.ShouldAccept(Given.Gradient(0, 1, step: 2));
        buffer.Submit(Given.Gradient(1, 0, float.NaN, step: 5)).Refusal.ShouldBe(Refusal.NotFinite);
        buffer.Submit(Given.Gradient(77, 0, step: 5)).Refusal.ShouldBe(Refusal.WrongBuffer);

        var tallies = buffer.Tallies();
        tallies.Keys.Order().ShouldBe([0, 1]);
        tallies[0].ShouldBe(new WorkerTally(2, 0, 3));
        tallies[1].ShouldBe(new WorkerTally(0, 1, 0));
    }

    [Fact]
    public void Staleness_counts_up_to_the_round_that_a_gradient_goes_into()
    {
        // The commit of round 4 has not come: as far as the buffer was told, the model is at step 4.
        var buffer = Given.Buffer(Given.Opening(step: 4, maxStaleness: 3));
        buffer.ShouldAccept(Given.Gradient(0, 0, step: 1));
        buffer.Seal(4).ShouldNotBeNull();

        buffer.Round.ShouldBe(5);
        buffer.Submit(Given.Gradient(1, 0, step: 1)).Refusal.ShouldBe(Refusal.TooStale);
        buffer.ShouldAccept(Given.Gradient(1, 0, step: 2));
    }
}
