using Basgd.Contracts;
using CsCheck;

namespace Basgd.Grains.Tests.Protocol;

public sealed class BufferRoundTests
{
    [Fact]
    public void The_running_mean_is_the_mean() =>
        Gen.Float[-100, 100].Array[1, 50].Sample(values =>
        {
            var buffer = Given.Buffer();
            for (var i = 0; i < values.Length; i++) buffer.ShouldAccept(Given.Gradient(i % 2, i, values[i], loss: values[i]));

            buffer.Filled.ShouldBe(values.Length);
            var sealedRound = buffer.Seal(0)!;
            var mean = values.Average(static x => (double)x);
            ((double)sealedRound.Mean.Span[0]).ShouldBe(mean, 1e-3);
            ((double)sealedRound.Mean.Span[1]).ShouldBe(-mean, 1e-3);
            sealedRound.MeanLoss.ShouldBe(mean, 1e-9);
            sealedRound.Contributions.ShouldBe(values.Select(static (_, i) => new Contribution(i % 2, i)));
        });

    [Fact]
    public void The_gradient_may_be_reused_by_its_sender_after_the_answer()
    {
        var buffer = Given.Buffer();
        var gradient = Given.Gradient(0, 0, value: 3);
        buffer.ShouldAccept(gradient);
        gradient.Gradient!.Span.Fill(99);
        Given.Floats(buffer.Seal(0)!.Mean).ShouldBe([3, -3]);
    }

    [Fact]
    public void Seal_answers_the_same_again_and_later_gradients_belong_to_the_next_round()
    {
        var buffer = Given.Buffer();
        buffer.ShouldAccept(Given.Gradient(0, 0, value: 1));
        var first = buffer.Seal(0)!;
        buffer.ShouldAccept(Given.Gradient(0, 1, value: 7));
        buffer.Seal(0).ShouldBeSameAs(first);
        Given.Floats(first.Mean).ShouldBe([1, -1]);
        first.Contributions.ShouldBe([new Contribution(0, 0)]);
        buffer.Round.ShouldBe(1);
        buffer.Filled.ShouldBe(1);
    }

    [Fact]
    public void There_is_nothing_to_seal_in_an_empty_or_another_round_or_before_the_commit()
    {
        var buffer = Given.Buffer();
        buffer.Seal(0).ShouldBeNull();
        buffer.ShouldAccept(Given.Gradient(0, 0));
        buffer.Seal(1).ShouldBeNull();
        buffer.Seal(-1).ShouldBeNull();
        buffer.Seal(0).ShouldNotBeNull();
        buffer.ShouldAccept(Given.Gradient(0, 1));
        buffer.Seal(1).ShouldBeNull();
        buffer.Commit(Given.At(1));
        buffer.Seal(1)!.Contributions.ShouldBe([new Contribution(0, 1)]);
    }

    [Fact]
    public void Commit_drops_the_sealed_round_and_nothing_else()
    {
        var buffer = Given.Buffer();
        buffer.ShouldAccept(Given.Gradient(0, 0));
        buffer.Seal(0);
        buffer.ShouldAccept(Given.Gradient(1, 0, value: 4));
        buffer.Commit(Given.At(1));
        buffer.Commit(Given.At(1));
        buffer.Commit(Given.At(0));
        buffer.Seal(0).ShouldBeNull();
        buffer.Report().SealedRound.ShouldBeNull();
        Given.Floats(buffer.Seal(1)!.Mean).ShouldBe([4, -4]);
    }

    [Fact]
    public void Commit_of_another_generation_changes_nothing()
    {
        var buffer = Given.Buffer(Given.Opening(generation: 1));
        buffer.ShouldAccept(Given.Gradient(0, 0, generation: 1));
        var sealedRound = buffer.Seal(0);
        buffer.Commit(Given.At(9, generation: 0));
        buffer.Commit(Given.At(9, generation: 2));
        buffer.Seal(0).ShouldBeSameAs(sealedRound);
    }

    /// <summary>A buffer that came back without its seal: the step was made of what its former activation had.</summary>
    [Fact]
    public void Commit_of_a_step_whose_round_is_still_open_starts_the_next_round_empty()
    {
        var buffer = Given.Buffer();
        buffer.ShouldAccept(Given.Gradient(0, 0));
        buffer.Commit(Given.At(1));
        buffer.Round.ShouldBe(1);
        buffer.Filled.ShouldBe(0);
        buffer.Submit(Given.Gradient(0, 0)).Refusal.ShouldBe(Refusal.Duplicate);
    }

    [Fact]
    public void The_report_says_what_is_full_and_who_was_heard()
    {
        var buffer = Given.Buffer();
        buffer.Report().IsFullFor(0).ShouldBeFalse();
        buffer.ShouldAccept(Given.Gradient(0, 0));
        buffer.Report().IsFullFor(0).ShouldBeTrue();
        buffer.Seal(0);
        buffer.Report().IsFullFor(0).ShouldBeTrue();
        buffer.Report().IsFullFor(1).ShouldBeFalse();
        buffer.ShouldAccept(Given.Gradient(1, 0));
        buffer.Report().IsFullFor(1).ShouldBeTrue();
        buffer.Report().Heard.Order().ShouldBe([0, 1]);
    }
}
