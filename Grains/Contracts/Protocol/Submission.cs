using Basgd.Aggregation.Memory;

namespace Basgd.Contracts;

/// <summary>One gradient on its way to a buffer.</summary>
/// <param name="Worker">s, 0 … m−1.</param>
/// <param name="Sequence">Strictly increasing per worker, from 0; a retry repeats it.</param>
/// <param name="MappingEpoch">The mapping by which the worker chose the buffer.</param>
/// <param name="Version">The model the gradient was taken at.</param>
/// <param name="Loss">Mean loss over the batch, for display only.</param>
/// <param name="Gradient">d floats. Read before the answer, not kept: the sender may reuse the block then. Null where it is offered.</param>
/// <param name="MomentumLength">How many contributions the worker's momentum is made of, this one among them; 0 without momentum. For the ledger only.</param>
[GenerateSerializer, Immutable, Alias("basgd.submission")]
public sealed record Submission(
    [property: Id(0)] int Worker,
    [property: Id(1)] long Sequence,
    [property: Id(2)] int MappingEpoch,
    [property: Id(3)] ModelVersion Version,
    [property: Id(4)] double Loss,
    [property: Id(5)] ParameterVector? Gradient,
    [property: Id(6)] int MomentumLength = 0);

/// <summary>A buffer's answer.</summary>
/// <param name="Refusal">Null where the contribution was accepted.</param>
/// <param name="TakeAtLeast">
/// The next gradient should be taken at this model or a newer one. It lies in the future by one step only where this very
/// contribution filled the last buffer, as the server of the paper's Algorithm 1 steps before it answers; nobody else waits.
/// With <see cref="Refusal.TooMany"/> it is the round that the worker waits to end.
/// </param>
/// <param name="LastSequence">The newest sequence number seen from this worker; −1 before the first.</param>
[GenerateSerializer, Immutable, Alias("basgd.submit-result")]
public sealed record SubmitResult(
    [property: Id(0)] Refusal? Refusal,
    [property: Id(1)] ModelVersion TakeAtLeast,
    [property: Id(2)] long LastSequence)
{
    /// <summary>Whether the contribution of this number is in, by this answer or by an earlier one that was lost.</summary>
    public bool HasTaken(long sequence) => Refusal is null || (Refusal == Contracts.Refusal.Duplicate && LastSequence == sequence);

    /// <summary>The number that the worker goes on with; the same again where the contribution may still be taken.</summary>
    public long NextSequence(long sequence) => Refusal switch
    {
        null or Contracts.Refusal.WrongSize or Contracts.Refusal.NotFinite => sequence + 1,
        Contracts.Refusal.Duplicate => LastSequence + 1,
        _ => sequence,
    };
}

/// <summary>A worker's share in a round.</summary>
/// <param name="Version">The model the gradient was taken at.</param>
/// <param name="MomentumLength">As in <see cref="Submission"/>.</param>
[GenerateSerializer, Immutable, Alias("basgd.contribution")]
public readonly record struct Contribution(
    [property: Id(0)] int Worker,
    [property: Id(1)] long Sequence,
    [property: Id(2)] ModelVersion Version = default,
    [property: Id(3)] int MomentumLength = 0);
