using Basgd.Aggregation.Memory;
using Basgd.Contracts;
using Basgd.Protocol;

namespace Basgd.Grains;

/// <summary>
/// A buffer as it is stored: see <see cref="BufferContent"/>. It holds one unfinished round, which a crash may cost unless the job's
/// durability is <see cref="Durability.Acknowledged"/>: then the grain refuses to go on without it.
/// </summary>
[GenerateSerializer, Alias("basgd.buffer-record")]
public sealed class BufferRecord : ICheckpoint, IReplaceable
{
    [Id(0)] public int Generation { get; set; }
    [Id(1)] public int MappingEpoch { get; set; }
    [Id(2)] public long OpenRound { get; set; }

    /// <summary>Running mean of everyone; null where the round is empty or workers have their own.</summary>
    [Id(3)] public ParameterVector? Mean { get; set; }

    [Id(4)] public Contribution[] Contributions { get; set; } = [];
    [Id(5)] public double LossSum { get; set; }
    [Id(6)] public SealedRound? Sealed { get; set; }
    [Id(7)] public Dictionary<int, long> LastSequence { get; set; } = [];

    /// <summary>Running mean of each worker, where they are weighed equally.</summary>
    [Id(8)] public Dictionary<int, ParameterVector> WorkerMeans { get; set; } = [];

    public int Dimension => (Mean ?? WorkerMeans.Values.FirstOrDefault() ?? Sealed?.Mean)?.Length ?? 0;

    public long Step => OpenRound;

    [field: NonSerialized]
    public int VersionsLost { get; set; }

    [field: NonSerialized]
    public string? Damage { get; set; }

    public static BufferRecord From(BufferContent content) => new()
    {
        Generation = content.Generation,
        MappingEpoch = content.MappingEpoch,
        OpenRound = content.OpenRound,
        Mean = content.Means.GetValueOrDefault(BufferMean.Everyone),
        Contributions = [.. content.Contributions],
        LossSum = content.LossSum,
        Sealed = content.Sealed,
        LastSequence = new Dictionary<int, long>(content.LastSequence),
        WorkerMeans = content.Means.Where(static entry => entry.Key != BufferMean.Everyone).ToDictionary(),
    };

    public BufferContent ToContent() =>
        new(Generation, MappingEpoch, OpenRound, Mean is null ? WorkerMeans : new Dictionary<int, ParameterVector> { [BufferMean.Everyone] = Mean }, Contributions, LossSum, Sealed, LastSequence);
}
