using Basgd.Aggregation;
using Basgd.Aggregation.Memory;
using Basgd.Contracts;
using Basgd.Protocol;

namespace Basgd.Simulator;

/// <summary>
/// BASGD, and ASGD as its case of one buffer: the cores that the service's grains are shells of, with virtual time for the clock. As in
/// the service, a gradient that is on its way while workers are mapped again is refused: its worker is no longer mapped to that buffer.
/// </summary>
internal sealed class BufferedServer : Server
{
    private readonly BufferCore[] buffers;
    private readonly VirtualTime time = new();
    private readonly double timeout;
    private readonly RoundCore core;

    public BufferedServer(SimulationSpec spec, JobSpec job, Horizon horizon, ParameterVector initial)
        : base(spec, job, horizon, initial, Rules.Create<float>(job.Rule, job.EffectiveTolerate, spec.AggregationThreads))
    {
        buffers = [.. Enumerable.Range(0, job.Buffers).Select(static _ => new BufferCore())];
        timeout = (spec.Server as BasgdServer)?.ReassignAfterSeconds ?? double.PositiveInfinity;

        // The run decides when it ends, not the job.
        var endless = job with { ReassignAfterSeconds = timeout, Steps = long.MaxValue };
        core = new RoundCore(endless, Rule, horizon with { Spec = endless }, time, State);
        core.Begin();
        OpenBuffers();
    }

    public override double Deadline => VirtualTime.Seconds(core.RoundStarted) + timeout;

    public override int Reassignments => State.Routing.Reassignments;

    public override Reception? RefuseUnseen(Submission submission) =>
        BufferOf(submission).RefuseUnseen(submission, State.Parameters.Length) is { } answer ? Refused(answer) : null;

    public override Reception Receive(Submission submission, ParameterVector at, double now)
    {
        time.Now = now;
        var buffer = BufferOf(submission);
        var answer = buffer.Submit(submission);
        if (answer.Refusal is not null) return Refused(answer);
        core.BufferFull(State.Routing.BufferOf[submission.Worker], buffer.Round);
        if (core.IsReady) EndRound();
        return new Reception(Verdict.Taken, answer);
    }

    public override void TimeOut(double now)
    {
        time.Now = now;
        if (core.Reassign([.. buffers.Select(static buffer => buffer.Report())]).Next is { } next) Remap(next);
    }

    protected override ModelState Make(IReadOnlyList<SealedRound> rows, Spread? spread) => core.Judge(core.Make(rows, spread), rows);

    /// <summary>A worker that gave its share in the round waits for the next one.</summary>
    private static Reception Refused(SubmitResult answer) => new(Verdict.Refused, answer, Waits: answer.Refusal == Refusal.TooMany);

    private BufferCore BufferOf(Submission submission) => buffers[State.Routing.BufferOf[submission.Worker]];

    private void EndRound()
    {
        SealedRound[] seals = [.. buffers.Take(State.Routing.Buffers).Select(buffer => buffer.Seal(State.Version, State.Routing.MappingEpoch)!)];
        MakeStep(seals);
        if (core.Advance(State) == AfterStep.OpenBuffers)
        {
            OpenBuffers();
            return;
        }

        foreach (var buffer in buffers.Take(seals.Length)) buffer.Commit(State.Version);
        if (core.Grown() is { } grown) Remap(grown);
    }

    private void Remap(ModelState next)
    {
        core.Remap(next);
        State = next;
        OpenBuffers();
    }

    private void OpenBuffers()
    {
        for (var b = 0; b < buffers.Length; b++) buffers[b].Open(core.Opening(b));
    }

    /// <summary>The clock that the cores see.</summary>
    private sealed class VirtualTime : TimeProvider
    {
        public double Now { get; set; }

        public static double Seconds(DateTimeOffset at) => (at - DateTimeOffset.UnixEpoch).TotalSeconds;

        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch + TimeSpan.FromSeconds(Now);
    }
}
