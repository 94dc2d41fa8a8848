using Basgd.Aggregation;
using Basgd.Aggregation.Kernels;
using Basgd.Aggregation.Memory;
using Basgd.Contracts;
using Basgd.Protocol;

namespace Basgd.Simulator;

/// <summary>See <see cref="LatestGradientsServer"/>. The row of a worker that has sent nothing yet is 0, which pulls nowhere.</summary>
internal sealed class LatestGradients : Server
{
    private readonly LatestGradientsServer server;
    private readonly ParameterVector[] latest;
    private readonly double[] losses;
    private readonly List<Contribution> arrived = [];

    public LatestGradients(SimulationSpec spec, JobSpec job, Horizon horizon, ParameterVector initial, LatestGradientsServer server)
        : base(spec, job, horizon, initial, Rules.Create<float>(server.Rule, server.Tolerate ?? spec.Byzantine, spec.AggregationThreads))
    {
        this.server = server;
        var zeros = ParameterVector.Zeros(initial.Length);
        latest = [.. Enumerable.Range(0, spec.Workers).Select(_ => zeros.Share())];
        zeros.Return();
        losses = new double[spec.Workers];
        Array.Fill(losses, double.NaN);
    }

    public override Reception Receive(Submission submission, ParameterVector at, double now)
    {
        if (!Finite.All(submission.Gradient!.Span)) return Refused(submission, Refusal.NotFinite);
        latest[submission.Worker].Return();
        latest[submission.Worker] = submission.Gradient.Share();
        losses[submission.Worker] = submission.Loss;
        arrived.Add(Row.ContributionOf(submission));
        if (arrived.Count == server.Every)
        {
            var contributions = arrived.ToLookup(static contribution => contribution.Worker);
            SealedRound[] rows = [.. latest.Select((gradient, worker) => Row.Of(State, gradient.Share(), [.. contributions[worker]], losses[worker]))];
            arrived.Clear();
            MakeStep(rows);
        }

        return Accepted(submission);
    }

    public override void Dispose()
    {
        foreach (var gradient in latest) gradient.Return();
        base.Dispose();
    }
}
