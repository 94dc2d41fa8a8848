using Basgd.Aggregation.Kernels;
using Basgd.Aggregation.Memory;
using Basgd.Contracts;

namespace Basgd.Protocol;

/// <summary>
/// A worker's momentum, u ← μu + (1−μ)g from u = g, sent in place of the gradient g: BASGDm (Yang and Li, ICML 2021); why it helps
/// against attacks that hide in the noise: Karimireddy, He and Jaggi, ICML 2021. One d-vector a worker, and one more while a
/// contribution is on its way. Not thread-safe.
/// </summary>
/// <param name="mu">μ, 0 &lt; μ &lt; 1.</param>
/// <param name="normalise">Whether u/‖u‖ is sent, so that no worker pulls harder than another (Cutkosky and Mehta, ICML 2020); 0 where u = 0.</param>
public sealed class WorkerMomentum(double mu, bool normalise)
{
    private int length;
    private ParameterVector? memory;
    private ParameterVector? onItsWay;
    private long next;

    /// <summary>How many contributions the u that was made last is made of.</summary>
    public int Length => length + 1;

    /// <summary>
    /// Turns g into what is sent, in place. The memory stays as it is until <see cref="Settle"/>, so an order that is repeated gives
    /// the same u for the same g. Where the sequence does not continue, as after the worker acted elsewhere, it starts again at u = g.
    /// </summary>
    public void Apply(long sequence, Span<float> gradient)
    {
        if (sequence != next) Forget();
        if (memory is not null) Blend(memory.Span, gradient);
        onItsWay ??= ParameterVector.Rent(gradient.Length);
        gradient.CopyTo(onItsWay.Span);
        if (normalise) VectorNorm.Normalise(gradient);
    }

    /// <summary>Takes note of the buffer's answer to the contribution: only one that is in moves the memory on.</summary>
    public void Settle(long sequence, SubmitResult answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        if (answer.HasTaken(sequence)) (memory, onItsWay, length) = (onItsWay, memory, length + 1);
        else if (answer.LastSequence > sequence) Forget();
        onItsWay?.Return();
        onItsWay = null;
        next = answer.NextSequence(sequence);
    }

    private void Blend(ReadOnlySpan<float> before, Span<float> gradient)
    {
        var (keep, take) = ((float)mu, (float)(1 - mu));
        for (var i = 0; i < gradient.Length; i++) gradient[i] = (keep * before[i]) + (take * gradient[i]);
    }

    private void Forget()
    {
        memory?.Return();
        memory = null;
        length = 0;
    }
}
