using Basgd.Aggregation;
using Basgd.Aggregation.Kernels;
using Basgd.Contracts;
using Basgd.Learning;

namespace Basgd.Protocol;

/// <summary>
/// One worker of BASGD between its gradient and its buffer: clips the gradient, adds it to the momentum and, where the worker is
/// Byzantine, attacks what an honest one would send. Lasts as long as a silo acts as the worker. Not thread-safe.
/// </summary>
public sealed class WorkerCore(JobSpec spec, int worker)
{
    private readonly WorkerMomentum? momentum = spec.WorkerMomentum > 0 ? new WorkerMomentum(spec.WorkerMomentum, spec.NormaliseWorkerMomentum) : null;
    private readonly IAttack? attack = spec.IsByzantine(worker) ? Attacks.Create(spec.Attack) : null;

    /// <summary>How many contributions what was prepared last is made of; 0 without momentum.</summary>
    public int MomentumLength => momentum?.Length ?? 0;

    /// <summary>
    /// Turns the gradient into what the worker sends, in place. An order that is repeated because nobody took what was sent gives
    /// the same again for the same gradient.
    /// </summary>
    public void Prepare(long sequence, Span<float> gradient)
    {
        if (spec.ClipGradient is { } limit) VectorNorm.Clip(gradient, limit);
        momentum?.Apply(sequence, gradient);
        attack?.Apply(gradient, new Random(Seeds.Derive(spec.Seed, worker, sequence)));
    }

    /// <summary>Takes note of the buffer's answer to what was sent.</summary>
    public void Settle(long sequence, SubmitResult answer) => momentum?.Settle(sequence, answer);
}
