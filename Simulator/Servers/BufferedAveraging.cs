using Basgd.Aggregation;
using Basgd.Aggregation.Memory;
using Basgd.Contracts;
using Basgd.Protocol;

namespace Basgd.Simulator;

/// <summary>
/// FedBuff (Nguyen et al., AISTATS 2022) on gradients: w ← w − η·(1/K)·Σ s(τᵢ)gᵢ over K arrivals, with s = 1, or s(τ) = 1/√(1 + τ), τ
/// the steps made since the gradient's model.
/// </summary>
internal sealed class BufferedAveraging(SimulationSpec spec, JobSpec job, Horizon horizon, ParameterVector initial, FedBuffServer server)
    : Server(spec, job, horizon, initial, Rules.Create<float>("mean"))
{
    private readonly List<Contribution> contributions = [];
    private BufferMean mean = new();
    private double lossSum;

    public override Reception Receive(Submission submission, ParameterVector at, double now)
    {
        var gradient = submission.Gradient!;
        if (server.ScaleByStaleness) Scale(gradient.Span, 1 / Math.Sqrt(1 + State.Version.Step - submission.Version.Step));
        if (!mean.TryAdd(BufferMean.Everyone, gradient.Span)) return Refused(submission, Refusal.NotFinite);
        contributions.Add(Row.ContributionOf(submission));
        lossSum += submission.Loss;
        if (contributions.Count == server.K)
        {
            SealedRound row = Row.Of(State, mean.Close(), [.. contributions], lossSum / server.K);
            contributions.Clear();
            (mean, lossSum) = (new BufferMean(), 0);
            MakeStep([row]);
        }

        return Accepted(submission);
    }

    private static void Scale(Span<float> gradient, double factor)
    {
        foreach (ref var value in gradient) value = (float)(value * factor);
    }
}
