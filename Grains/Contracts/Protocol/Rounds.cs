namespace Basgd.Contracts;

/// <summary>What a step was made of: what shows, round after round, which buffers lie apart and who was in them.</summary>
/// <param name="Version">The model that the step made.</param>
/// <param name="At">When it could be seen.</param>
/// <param name="Norm">‖G‖, the length of the aggregate; null where it was not measured.</param>
/// <param name="Buffers">The B buffers, in their order.</param>
[GenerateSerializer, Immutable, Alias("basgd.round-report")]
public sealed record RoundReport(
    [property: Id(0)] ModelVersion Version,
    [property: Id(1)] DateTimeOffset At,
    [property: Id(2)] double? Norm,
    [property: Id(3)] IReadOnlyList<BufferRound> Buffers);

/// <summary>A buffer's share in a step.</summary>
/// <param name="Count">N_b, the contributions in it.</param>
/// <param name="Contributors">The workers that they came from, each once, ascending.</param>
/// <param name="Distance">‖h_b − G‖, Euclidean; null where it was not measured.</param>
[GenerateSerializer, Immutable, Alias("basgd.buffer-round")]
public sealed record BufferRound(
    [property: Id(0)] int Count,
    [property: Id(1)] IReadOnlyList<int> Contributors,
    [property: Id(2)] double? Distance);
