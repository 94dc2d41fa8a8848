using Basgd.Contracts;
using Basgd.Protocol;

namespace Basgd.Grains;

/// <summary>How a job stands by what is stored of it, while no silo looks after it.</summary>
public static class StoredStatus
{
    /// <param name="model">Null if the job has none yet.</param>
    /// <param name="checkpoint">Where the model lies; null if that has no name a user could use.</param>
    public static JobStatus Of(string name, JobRecord job, ModelRecord? model, string? checkpoint)
    {
        var spec = job.Spec ?? throw new JobRefusedException($"name = {name}: there is no such job");
        var horizon = new Horizon(spec, job.Workload!.TrainingExamples);
        var applied = model?.GradientsApplied ?? 0;
        var buffers = model?.Routing is { Buffers: > 0 } routing ? routing.Buffers : spec.Buffers;
        return new JobStatus
        {
            Name = name,
            Spec = spec,
            Phase = job.Phase,
            Message = job.Message,
            Version = model?.Version ?? default,
            Epoch = horizon.EpochAt(applied),
            Progress = horizon.ProgressAt(model?.Version.Step ?? 0, applied),
            LearningRate = horizon.LearningRateAt(applied),
            GradientsApplied = applied,
            GradientsPerSecond = 0,
            TrainingLoss = model?.TrainingLoss ?? double.NaN,
            LastEvaluation = job.LastEvaluation,
            Buffers = [.. Enumerable.Range(0, buffers).Select(static b => new BufferStatus(b, Filled: 0, Sealed: false))],
            Leases = [],
            Refused = new Dictionary<Refusal, long>(),
            Dimension = model?.Dimension ?? 0,
            Checkpoint = model is null ? null : checkpoint,
            Reassignments = model?.Routing?.Reassignments ?? 0,
            Suspicion = model?.Suspicion?.ToSuspicion() is { IsKnown: true } known ? [.. known.Beliefs] : [],
            Quarantined = model?.Quarantine is { } quarantine ? [.. quarantine.Workers.Order()] : [],
        };
    }
}
