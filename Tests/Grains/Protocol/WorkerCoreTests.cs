using Basgd.Contracts;
using Basgd.Protocol;

namespace Basgd.Grains.Tests.Protocol;

public sealed class WorkerCoreTests
{
    private static readonly JobSpec Spec = new() { Workers = 4, Buffers = 3, Byzantine = 1, Attack = "negative-gradient(k=10)" };

    [Fact]
    public void An_honest_worker_sends_its_gradient() => Send(new WorkerCore(Spec, 0), 0, 3, 4).ShouldBe([3, 4]);

    [Fact]
    public void A_Byzantine_one_attacks() => Send(new WorkerCore(Spec, 3), 0, 3, 4).ShouldBe([-30, -40]);

    /// <summary>An attacker sends what it likes; here, ten times the negative of what an honest worker would.</summary>
    [Fact]
    public void What_is_attacked_is_what_an_honest_worker_would_send()
    {
        var spec = Spec with { ClipGradient = 1, WorkerMomentum = 0.5 };
        var (honest, attacker) = (new WorkerCore(spec, 0), new WorkerCore(spec, 3));
        Send(honest, 0, 3, 4).ShouldBe([0.6f, 0.8f]);
        Send(attacker, 0, 3, 4).ShouldBe([-6, -8]);
        Send(honest, 1, 0, 0).ShouldBe([0.3f, 0.4f]);
        Send(attacker, 1, 0, 0).ShouldBe([-3, -4]);
    }

    [Fact]
    public void A_random_attack_is_the_same_again_for_the_same_order_and_another_for_the_next()
    {
        var spec = Spec with { Attack = "random-disturbance(sigma=1)" };
        var first = Send(new WorkerCore(spec, 3), 0, 3, 4);
        Send(new WorkerCore(spec, 3), 0, 3, 4).ShouldBe(first);
        Send(new WorkerCore(spec, 3), 1, 3, 4).ShouldNotBe(first);
    }

    private static float[] Send(WorkerCore worker, long sequence, params float[] gradient)
    {
        var sent = Given.Vector(gradient);
        worker.Prepare(sequence, sent.Span);
        worker.Settle(sequence, new SubmitResult(null, default, sequence));
        return Given.Floats(sent);
    }
}
