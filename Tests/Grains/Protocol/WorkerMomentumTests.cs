using Basgd.Contracts;
using Basgd.Protocol;
using CsCheck;

namespace Basgd.Grains.Tests.Protocol;

public sealed class WorkerMomentumTests
{
    private const double Mu = 0.75;

    [Fact]
    public void Is_the_weighted_mean_of_the_gradients_so_far() =>
        Gen.Select(Gen.Double[0.01, 0.99], Gen.Float[-100, 100].Array[1, 20]).Sample((mu, gradients) =>
        {
            var momentum = new WorkerMomentum(mu, normalise: false);
            double expected = gradients[0];
            for (var i = 0; i < gradients.Length; i++)
            {
                if (i > 0) expected = (mu * expected) + ((1 - mu) * gradients[i]);
                var sent = Send(momentum, i, gradients[i], Taken);
                ((double)sent[0]).ShouldBe(expected, 1e-3);
                sent[1].ShouldBe(-sent[0]);
            }
        });

    [Theory]
    [InlineData(Refusal.WrongBuffer)]
    [InlineData(Refusal.TooStale)]
    [InlineData(Refusal.ImplausibleVersion)]
    [InlineData(Refusal.Closed)]
    public void A_refused_order_that_is_repeated_starts_from_the_same_memory(Refusal refusal)
    {
        var momentum = new WorkerMomentum(Mu, normalise: false);
        Send(momentum, 0, 4, Taken);
        Send(momentum, 1, 100, Refused(refusal, lastSequence: 0));
        Send(momentum, 1, 8, Taken)[0].ShouldBe((0.75f * 4) + (0.25f * 8));
    }

    [Fact]
    public void A_gradient_that_is_refused_for_good_is_left_out()
    {
        var momentum = new WorkerMomentum(Mu, normalise: false);
        Send(momentum, 0, 4, Taken);
        Send(momentum, 1, float.NaN, Refused(Refusal.NotFinite, lastSequence: 0));
        Send(momentum, 2, 8, Taken)[0].ShouldBe((0.75f * 4) + (0.25f * 8));
    }

    /// <summary>The answer to the first attempt was lost: the buffer has it all the same.</summary>
    [Fact]
    public void A_contribution_that_is_in_already_moves_the_memory_on()
    {
        var momentum = new WorkerMomentum(Mu, normalise: false);
        Send(momentum, 0, 4, Refused(Refusal.Duplicate, lastSequence: 0));
        Send(momentum, 1, 8, Taken)[0].ShouldBe((0.75f * 4) + (0.25f * 8));
    }

    [Fact]
    public void A_sequence_that_does_not_continue_starts_at_the_gradient()
    {
        var momentum = new WorkerMomentum(Mu, normalise: false);
        Send(momentum, 0, 4, Taken);
        Send(momentum, 1, 8, Refused(Refusal.Duplicate, lastSequence: 6));
        Send(momentum, 7, 12, Taken)[0].ShouldBe(12, "another silo acted as the worker meanwhile");
        Send(momentum, 9, 16, Taken)[0].ShouldBe(16);
        Send(momentum, 3, 20, Taken)[0].ShouldBe(20);
        Send(momentum, 4, 24, Taken)[0].ShouldBe((0.75f * 20) + (0.25f * 24));
    }

    /// <summary>What is sent in the end, by an attacker too, is not what is kept.</summary>
    [Fact]
    public void What_is_done_to_the_vector_before_it_is_sent_does_not_reach_the_memory()
    {
        var momentum = new WorkerMomentum(Mu, normalise: false);
        var gradient = Given.Vector(4, -4);
        momentum.Apply(0, gradient.Span);
        gradient.Span.Fill(-1000);
        momentum.Settle(0, Taken);
        Send(momentum, 1, 8, Taken)[0].ShouldBe((0.75f * 4) + (0.25f * 8));
    }

    [Fact]
    public void Normalised_it_has_length_1_and_the_direction_of_what_is_kept() =>
        Gen.Float[-100, 100].Where(static value => value != 0).Array[1, 20].Sample(gradients =>
        {
            var (momentum, plain) = (new WorkerMomentum(Mu, normalise: true), new WorkerMomentum(Mu, normalise: false));
            for (var i = 0; i < gradients.Length; i++)
            {
                var (sent, u) = (Send(momentum, i, gradients[i], Taken), Send(plain, i, gradients[i], Taken));
                ((double)sent[0]).ShouldBe(Math.Sign(u[0]) / Math.Sqrt(2), 1e-6);
                sent[1].ShouldBe(-sent[0]);
            }
        });

    private static SubmitResult Taken => new(null, default, -1);

    private static SubmitResult Refused(Refusal refusal, long lastSequence) => new(refusal, default, lastSequence);

    private static float[] Send(WorkerMomentum momentum, long sequence, float value, SubmitResult answer)
    {
        var gradient = Given.Vector(value, -value);
        momentum.Apply(sequence, gradient.Span);
        momentum.Settle(sequence, answer);
        return Given.Floats(gradient);
    }
}
