namespace Basgd.Contracts;

[GenerateSerializer, Alias("basgd.job-phase")]
public enum JobPhase
{
    /// <summary>Workers are leased and steps are made.</summary>
    Running,

    /// <summary>Waits for <see cref="ITrainingJobGrain.Resume"/>.</summary>
    Paused,

    /// <summary>Reached the requested step or epoch.</summary>
    Completed,

    /// <summary>Ended early, for good.</summary>
    Stopped,

    /// <summary>Cannot go on; <see cref="JobStatus.Message"/> says why.</summary>
    Failed,
}

/// <summary>A job as of now.</summary>
[GenerateSerializer, Immutable, Alias("basgd.job-status")]
public sealed record JobStatus
{
    [Id(0)] public required string Name { get; init; }
    [Id(1)] public required JobSpec Spec { get; init; }
    [Id(2)] public required JobPhase Phase { get; init; }

    /// <summary>Why it failed, or what it waits for; null where there is nothing to say.</summary>
    [Id(3)] public string? Message { get; init; }

    /// <summary>The newest durable model.</summary>
    [Id(4)] public required ModelVersion Version { get; init; }

    /// <summary>Gradients that went into a step, times the batch, over the size of the training set.</summary>
    [Id(5)] public required double Epoch { get; init; }

    /// <summary>Share of the requested steps or epochs that is done, 0 … 1.</summary>
    [Id(6)] public required double Progress { get; init; }

    /// <summary>Learning rate of the next step.</summary>
    [Id(7)] public required double LearningRate { get; init; }

    /// <summary>Contributions that went into a step since the job began.</summary>
    [Id(8)] public required long GradientsApplied { get; init; }

    /// <summary>Contributions accepted per second, over the last few seconds.</summary>
    [Id(9)] public required double GradientsPerSecond { get; init; }

    /// <summary>Smoothed training loss as workers report it; NaN before the first. Nobody's word is checked.</summary>
    [Id(10)] public required double TrainingLoss { get; init; }

    /// <summary>The newest evaluation; null before the first.</summary>
    [Id(11)] public EvaluationPoint? LastEvaluation { get; init; }

    [Id(12)] public required IReadOnlyList<BufferStatus> Buffers { get; init; }
    [Id(13)] public required IReadOnlyList<LeaseStatus> Leases { get; init; }

    /// <summary>Submissions refused since the grains were activated, by reason.</summary>
    [Id(14)] public required IReadOnlyDictionary<Refusal, long> Refused { get; init; }

    /// <summary>Number of parameters d.</summary>
    [Id(15)] public required int Dimension { get; init; }

    /// <summary>Where the newest checkpoint is, as the storage names it; null where it has no name a user could use.</summary>
    [Id(16)] public string? Checkpoint { get; init; }

    /// <summary>How often the mapping of workers to buffers was changed because buffers starved.</summary>
    [Id(17)] public required int Reassignments { get; init; }

    /// <summary>Address of the silo that holds the model.</summary>
    [Id(18)] public string ModelSilo { get; init; } = "";

    /// <summary>The belief that each worker is Byzantine, 0 … 1, by worker; empty before it was first measured how the buffers lie.</summary>
    [Id(19)] public IReadOnlyList<double> Suspicion { get; init; } = [];

    /// <summary>Workers whose gradients are refused until <see cref="ITrainingJobGrain.Lift"/>, ascending.</summary>
    [Id(20)] public IReadOnlyList<int> Quarantined { get; init; } = [];

    /// <summary>What is allowed and may still keep the job from making steps, with what to do; see <see cref="JobSpecAdvice"/>.</summary>
    [Id(25)] public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>The silos that compute and cannot run this job, and why.</summary>
    [Id(26)] public IReadOnlyList<SiloObstacle> Obstacles { get; init; } = [];
}

/// <param name="Filled">N_b of the open round.</param>
/// <param name="Sealed">Whether a round of this buffer waits to be committed.</param>
/// <param name="Distance">‖h_b − G‖ in the newest step in which it was measured; null before.</param>
[GenerateSerializer, Immutable, Alias("basgd.buffer-status")]
public sealed record BufferStatus([property: Id(0)] int Buffer, [property: Id(1)] int Filled, [property: Id(2)] bool Sealed, [property: Id(3)] double? Distance = null)
{
    /// <summary>Address of the silo that holds the buffer.</summary>
    [Id(4)] public string Silo { get; init; } = "";
}

/// <param name="Silo">Address of the silo that holds the lease.</param>
[GenerateSerializer, Immutable, Alias("basgd.lease-status")]
public sealed record LeaseStatus([property: Id(0)] int Worker, [property: Id(1)] string Silo, [property: Id(2)] DateTimeOffset Expires);

/// <param name="Accuracy">0 … 1; of a text, of the next word.</param>
/// <param name="Perplexity">exp(loss), of a text; else null.</param>
[GenerateSerializer, Immutable, Alias("basgd.evaluation-point")]
public sealed record EvaluationPoint(
    [property: Id(0)] ModelVersion Version,
    [property: Id(1)] double Epoch,
    [property: Id(2)] double Loss,
    [property: Id(3)] double Accuracy,
    [property: Id(4)] DateTimeOffset At,
    [property: Id(5)] double? Perplexity = null);

[GenerateSerializer, Immutable, Alias("basgd.tensor-shape")]
public sealed record TensorShape([property: Id(0)] string Name, [property: Id(1)] IReadOnlyList<long> Shape);

/// <param name="TotalBytes">4·d.</param>
[GenerateSerializer, Immutable, Alias("basgd.parameter-chunk")]
public sealed record ParameterChunk(
    [property: Id(0)] ModelVersion Version,
    [property: Id(1)] long TotalBytes,
    [property: Id(2)] ReadOnlyMemory<byte> Bytes)
{
    /// <summary>Most bytes one chunk may have.</summary>
    public const int MaxLength = 1 << 20;
}
