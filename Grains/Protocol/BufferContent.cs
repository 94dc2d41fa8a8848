using Basgd.Aggregation.Memory;
using Basgd.Contracts;

namespace Basgd.Protocol;

/// <summary>What a buffer stores.</summary>
/// <param name="Generation">With <paramref name="MappingEpoch"/>: the run this content belongs to.</param>
/// <param name="Means">What the open round's <see cref="BufferMean"/> has, by group; empty while the round is.</param>
/// <param name="Contributions">The N_b contributions of the open round.</param>
/// <param name="LossSum">Sum of their losses.</param>
/// <param name="LastSequence">Newest sequence number seen from each worker mapped here.</param>
public sealed record BufferContent(
    int Generation,
    int MappingEpoch,
    long OpenRound,
    IReadOnlyDictionary<int, ParameterVector> Means,
    IReadOnlyList<Contribution> Contributions,
    double LossSum,
    SealedRound? Sealed,
    IReadOnlyDictionary<int, long> LastSequence);
