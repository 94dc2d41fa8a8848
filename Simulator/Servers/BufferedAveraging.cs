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
        var scaled = Scaled(submission.Gradient!, server.ScaleByStaleness ? 1 / Math.Sqrt(1 + State.Version.Step - submission.Version.Step) : 1);
        var isFinite = mean.TryAdd(BufferMean.Everyone, scaled.Span);
        scaled.Return();
        if (!isFinite) return Refused(submission, Refusal.NotFinite);
        contributions.Add(Row.ContributionOf(submission));
        lossSum += submission.Loss;
        if (contributions.Count == server.K)
        {
            var row = Row.Of(State, mean.Close(), [.. contributions], lossSum / server.K);
            contributions.Clear();
            (mean, lossSum) = (new BufferMean(), 0);
            MakeStep([row]);
        }

        return Accepted(submission);
    }
}
