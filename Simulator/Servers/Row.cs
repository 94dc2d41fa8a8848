using Basgd.Aggregation.Memory;
using Basgd.Contracts;
using Basgd.Protocol;

namespace Basgd.Simulator;

/// <summary>Rows for <see cref="Step"/> that are not a buffer's.</summary>
internal static class Row
{
    /// <summary>One gradient.</summary>
    public static SealedRound Of(ModelState state, Submission submission) => Of(state, submission.Gradient!.Share(), [ContributionOf(submission)], submission.Loss);

    /// <param name="mean">Becomes the row's.</param>
    public static SealedRound Of(ModelState state, ParameterVector mean, IReadOnlyList<Contribution> contributions, double meanLoss) =>
        new(state.Version.Step, mean, contributions, meanLoss);

    public static Contribution ContributionOf(Submission submission) => new(submission.Worker, submission.Sequence, submission.Version, submission.MomentumLength);
}
