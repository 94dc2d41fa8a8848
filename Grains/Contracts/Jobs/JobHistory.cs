namespace Basgd.Contracts;

/// <summary>How a job went, thinned out to what a chart can show.</summary>
/// <param name="Points">Ascending by step.</param>
/// <param name="Evaluations">Ascending by time.</param>
/// <param name="Events">Ascending by time; the newest ones only.</param>
[GenerateSerializer, Immutable, Alias("basgd.job-history")]
public sealed record JobHistory(
    [property: Id(0)] IReadOnlyList<HistoryPoint> Points,
    [property: Id(1)] IReadOnlyList<EvaluationPoint> Evaluations,
    [property: Id(2)] IReadOnlyList<JobEvent> Events);

/// <summary>A job as it was at a step.</summary>
/// <param name="TrainingLoss">Smoothed, as in <see cref="JobStatus.TrainingLoss"/>.</param>
/// <param name="GradientsPerSecond">As in <see cref="JobStatus.GradientsPerSecond"/>.</param>
[GenerateSerializer, Immutable, Alias("basgd.history-point")]
public readonly record struct HistoryPoint(
    [property: Id(0)] long Step,
    [property: Id(1)] DateTimeOffset At,
    [property: Id(2)] double Epoch,
    [property: Id(3)] double TrainingLoss,
    [property: Id(4)] double GradientsPerSecond);

/// <summary>Something that happened to a job.</summary>
/// <param name="Step">The model's step at the time.</param>
/// <param name="Text">What happened, in a few words.</param>
[GenerateSerializer, Immutable, Alias("basgd.job-event")]
public sealed record JobEvent(
    [property: Id(0)] DateTimeOffset At,
    [property: Id(1)] long Step,
    [property: Id(2)] JobEventKind Kind,
    [property: Id(3)] string Text);

[GenerateSerializer, Alias("basgd.job-event-kind")]
public enum JobEventKind
{
    /// <summary>The job began, went on, paused or ended.</summary>
    Phase,

    /// <summary>The job's grain was activated anew: the silo that had it is gone.</summary>
    Restart,

    /// <summary>Steps were lost, and a new generation began.</summary>
    StepsLost,

    /// <summary>The mapping of workers to buffers changed.</summary>
    Reassignment,

    /// <summary>The learning rate changed.</summary>
    LearningRate,

    /// <summary>A worker was put in quarantine, or let out.</summary>
    Quarantine,
}

/// <summary>A worker as its job and its buffer know it.</summary>
/// <param name="Buffer">The buffer its gradients go to.</param>
/// <param name="Silo">Address of the silo that acts as the worker; null where nobody has its lease.</param>
/// <param name="Expires">When the lease ends unless it is renewed.</param>
[GenerateSerializer, Immutable, Alias("basgd.worker-status")]
public sealed record WorkerStatus(
    [property: Id(0)] int Worker,
    [property: Id(1)] int Buffer,
    [property: Id(2)] string? Silo,
    [property: Id(3)] DateTimeOffset? Expires,
    [property: Id(4)] WorkerTally Tally)
{
    /// <summary>As in <see cref="JobStatus.Suspicion"/>; null where nothing is known.</summary>
    [Id(5)] public double? Suspicion { get; init; }

    /// <summary>Whether its gradients are refused until <see cref="ITrainingJobGrain.Lift"/>.</summary>
    [Id(6)] public bool IsQuarantined { get; init; }
}

/// <summary>What buffers counted of a worker since they were activated.</summary>
/// <param name="Accepted">Contributions taken in.</param>
/// <param name="Refused">Submissions refused.</param>
/// <param name="Staleness">Of the newest contribution: steps made since the model it was computed at.</param>
[GenerateSerializer, Immutable, Alias("basgd.worker-tally")]
public readonly record struct WorkerTally([property: Id(0)] long Accepted, [property: Id(1)] long Refused, [property: Id(2)] long Staleness)
{
    /// <summary>Of the same worker in two buffers, as after a reassignment.</summary>
    public static WorkerTally operator +(WorkerTally left, WorkerTally right) =>
        new(left.Accepted + right.Accepted, left.Refused + right.Refused, Math.Max(left.Staleness, right.Staleness));
}
