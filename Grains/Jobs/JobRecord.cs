using Basgd.Contracts;

namespace Basgd.Grains;

/// <summary>A job as it is stored. The model is stored apart, by its own grain.</summary>
[GenerateSerializer, Alias("basgd.job-record")]
public sealed class JobRecord
{
    [Id(0)] public JobSpec? Spec { get; set; }
    [Id(1)] public JobPhase Phase { get; set; }
    [Id(2)] public string? Message { get; set; }
    [Id(3)] public EvaluationPoint? LastEvaluation { get; set; }
    [Id(4)] public WorkloadInfo? Workload { get; set; }

    /// <summary>Whether a failed job may be resumed: its model is whole, but no silo could work.</summary>
    [Id(5)] public bool IsMendable { get; set; }
}
