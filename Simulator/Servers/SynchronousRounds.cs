using Basgd.Aggregation;
using Basgd.Aggregation.Kernels;
using Basgd.Aggregation.Memory;
using Basgd.Contracts;
using Basgd.Protocol;

namespace Basgd.Simulator;

/// <summary>See <see cref="SynchronousServer"/>. Rows go to the rule by worker, not by arrival.</summary>
internal sealed class SynchronousRounds(SimulationSpec spec, JobSpec job, Horizon horizon, ParameterVector initial, SynchronousServer server)
    : Server(spec, job, horizon, initial, Rules.Create<float>(server.Rule, server.Tolerate ?? spec.Byzantine, spec.AggregationThreads))
{
    private readonly SortedDictionary<int, SealedRound> round = [];

    public override Reception? RefuseUnseen(Submission submission) =>
        submission.Version == State.Version ? null : Refused(submission, Refusal.TooStale);

    public override Reception Receive(Submission submission, ParameterVector at, double now)
    {
        if (!Finite.All(submission.Gradient!.Span)) return Refused(submission, Refusal.NotFinite);
        round[submission.Worker] = Row.Of(State, submission);
        if (round.Count == (server.WaitFor ?? Spec.Workers))
        {
            SealedRound[] rows = [.. round.Values];
            round.Clear();
            MakeStep(rows);
        }

        return Accepted(submission, waits: true);
    }

    public override void Dispose()
    {
        foreach (var row in round.Values) row.Mean.Return();
        base.Dispose();
    }
}
