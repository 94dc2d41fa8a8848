using Basgd.Aggregation;
using Basgd.Contracts;
using Basgd.Learning;

namespace Basgd.Protocol;

/// <summary>What Byzantine workers do other than changing their gradient, which is <see cref="WorkerCore"/>'s part.</summary>
public static class ByzantineWorkers
{
    /// <summary>Whether the worker computes and sends nothing.</summary>
    public static bool IsSilent(this JobSpec spec, int worker) => spec.IsByzantine(worker) && Side(spec) == AttackSide.Silence;

    /// <summary>What a learner must know of the job, by which Byzantine workers learn wrong labels where that is their attack.</summary>
    public static LearnerSettings ToLearnerSettings(this JobSpec spec) =>
        new(spec.Seed, spec.Workers, spec.Batch, spec.DirichletAlpha, Side(spec) == AttackSide.Data ? spec.Byzantine : 0, spec.MixedPrecision);

    private static AttackSide Side(JobSpec spec) => Attacks.Create(spec.Attack).Side;
}
