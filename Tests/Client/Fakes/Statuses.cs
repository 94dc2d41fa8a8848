using Basgd.Contracts;

namespace Basgd.Client.Tests.Fakes;

internal static class Statuses
{
    public static JobStatus Of(JobSpec spec, JobPhase phase, long step) => new()
    {
        Name = spec.EffectiveName,
        Spec = spec,
        Phase = phase,
        Version = new ModelVersion(0, step),
        Epoch = step / 100.0,
        Progress = spec.Steps is { } steps ? (double)step / steps : 0.25,
        LearningRate = spec.LearningRate,
        GradientsApplied = step * spec.Buffers,
        GradientsPerSecond = 412,
        TrainingLoss = step == 0 ? double.NaN : 0.4321,
        Buffers = [.. Enumerable.Range(0, spec.Buffers).Select(b => new BufferStatus(b, b, b == 1))],
        Leases = [],
        Refused = new Dictionary<Refusal, long>(),
        Dimension = 10,
        Reassignments = 0,
    };
}
