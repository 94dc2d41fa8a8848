using Basgd.Aggregation;
using Basgd.Contracts;

namespace Basgd.Protocol;

/// <summary>What Byzantine workers do other than changing their gradient, which is <see cref="WorkerCore"/>'s part.</summary>
public static class ByzantineWorkers
{
    /// <summary>Whether the worker computes and sends nothing.</summary>
    public static bool IsSilent(this JobSpec spec, int worker) => spec.IsByzantine(worker) && Side(spec) == AttackSide.Silence;

    /// <summary>How many workers, the last ones, learn wrong labels.</summary>
    public static int LabelFlippers(this JobSpec spec) => Side(spec) == AttackSide.Data ? spec.Byzantine : 0;

    private static AttackSide Side(JobSpec spec) => Attacks.Create(spec.Attack).Side;
}
