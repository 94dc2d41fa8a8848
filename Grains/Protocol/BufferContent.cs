using Basgd.Aggregation.Memory;
using Basgd.Contracts;

namespace Basgd.Protocol;

/// <summary>What a buffer stores.</summary>
/// <param name="Generation">With <paramref name="MappingEpoch"/>: the run this content belongs to.</param>
/// <param name="Mean">h_b of the open round; null while it is empty.</param>
/// <param name="Contributions">The N_b contributions of the open round.</param>
/// <param name="LossSum">Sum of their losses.</param>
/// <param name="LastSequence">Newest sequence number seen from each worker mapped here.</param>
public sealed record BufferContent(
    int Generation,
    int MappingEpoch,
    long OpenRound,
    ParameterVector? Mean,
    IReadOnlyList<Contribution> Contributions,
    double LossSum,
    SealedRound? Sealed,
    IReadOnlyDictionary<int, long> LastSequence);
