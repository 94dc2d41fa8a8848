using Basgd.Aggregation;
using Basgd.Aggregation.Memory;
using Basgd.Contracts;
using Basgd.Protocol;

namespace Basgd.Simulator;

/// <summary>
/// BASGD, and ASGD as its case of one buffer: the cores that the service's grains are shells of, driven as those drive them, with
/// virtual time for the clock. As there, a gradient on its way while workers are spread anew is refused: it went to a buffer that its
/// worker is not mapped to any more.
/// </summary>
internal sealed class BufferedServer : Server
{
    private readonly BufferCore[] buffers;
    private readonly VirtualTime time = new();
    private readonly Attendance attendance;
    private readonly double patience;
    private RoundTracker rounds;
    private double roundStarted;
    private double mapped;

    public BufferedServer(SimulationSpec spec, JobSpec job, Horizon horizon, ParameterVector initial)
        : base(spec, job, horizon, initial, Rules.Create<float>(job.Rule, job.EffectiveTolerate, spec.AggregationThreads))
    {
        buffers = [.. Enumerable.Range(0, job.Buffers).Select(static _ => new BufferCore())];
        attendance = new Attendance(time);
        patience = (spec.Server as BasgdServer)?.ReassignAfterSeconds ?? double.PositiveInfinity;
        rounds = new RoundTracker(job.Buffers);
        OpenBuffers();
    }

    public override double Deadline => roundStarted + patience;

    public override int Reassignments => State.Routing.Reassignments;

    public override Reception? RefuseUnseen(Submission submission) =>
        BufferOf(submission).RefuseUnseen(submission, State.Parameters.Length) is { } answer ? Refused(answer) : null;

    public override Reception Receive(Submission submission, ParameterVector at, double now)
    {
        time.Now = now;
        var buffer = BufferOf(submission);
        var answer = buffer.Submit(submission);
        if (answer.Refusal is not null) return Refused(answer);
        rounds.Full(State.Routing.BufferOf[submission.Worker], buffer.Round);
        if (rounds.AllFull) MakeStep(now);
        return new Reception(Verdict.Taken, answer);
    }

    public override void TimeOut(double now)
    {
        roundStarted = now;
        var active = buffers.SelectMany(static buffer => buffer.Report().Heard).Except(State.Quarantine.Workers).ToHashSet();
        if (Mapping.BuffersFor(Job, active.Count) is { } count) Spread(Mapping.Reassign(State.Routing, active, count)!, now);
    }

    /// <summary>A worker that gave its share in the round waits for the next one.</summary>
    private static Reception Refused(SubmitResult answer) => new(Verdict.Refused, answer, Waits: answer.Refusal == Refusal.TooMany);

    private BufferCore BufferOf(Submission submission) => buffers[State.Routing.BufferOf[submission.Worker]];

    private void MakeStep(double now)
    {
        SealedRound[] seals = [.. buffers.Take(State.Routing.Buffers).Select(buffer => buffer.Seal(State.Version, State.Routing.MappingEpoch)!)];
        var before = State;
        MakeStep(seals);
        roundStarted = now;
        rounds.Advance();
        attendance.Note(seals);
        foreach (var buffer in buffers.Take(seals.Length)) buffer.Commit(State.Version);
        if (Grown(now) is { } grown) Spread(grown, now);
        else if (Mapping.Planned(Job, before, State, Active(now)) is { } planned) Open(planned, now);
    }

    /// <summary>Where B had to shrink and more workers have been at work for Δ: a mapping with more buffers.</summary>
    private Routing? Grown(double now)
    {
        if (State.Routing.Buffers == Job.Buffers || now - mapped <= patience) return null;
        var active = Active(now);
        return Mapping.BuffersFor(Job, active.Count) is { } count && count > State.Routing.Buffers ? Mapping.Reassign(State.Routing, active, count) : null;
    }

    /// <summary>Heard within the last Δ, or ever, where Δ is infinite, and not in quarantine.</summary>
    private HashSet<int> Active(double now) => attendance.Since(VirtualTime.At(Math.Max(0, now - patience))).Except(State.Quarantine.Workers).ToHashSet();

    private void Spread(Routing routing, double now)
    {
        mapped = now;
        Open(routing, now);
    }

    private void Open(Routing routing, double now)
    {
        Remap(routing);
        rounds = new RoundTracker(routing.Buffers);
        rounds.Restart(State.Version.Step);
        roundStarted = now;
        OpenBuffers();
    }

    private void OpenBuffers()
    {
        var lastApplied = Enumerable.Range(0, buffers.Length).Select(static _ => new Dictionary<int, long>()).ToArray();
        for (var worker = 0; worker < Job.Workers; worker++) lastApplied[State.Routing.BufferOf[worker]][worker] = State.LastApplied[worker];
        for (var b = 0; b < buffers.Length; b++)
        {
            buffers[b].Open(new BufferOpening(true, State.Version, State.Routing.MappingEpoch, State.Parameters.Length, Job.MaxStaleness, lastApplied[b], false, Job.WeighWorkersEqually)
            {
                Quarantined = State.Quarantine.Workers.Where(lastApplied[b].ContainsKey).ToHashSet(),
                MaxContributions = Job.MaxContributionsPerRound,
            });
        }
    }

    /// <summary>The clock that the cores see.</summary>
    private sealed class VirtualTime : TimeProvider
    {
        public double Now { get; set; }

        public static DateTimeOffset At(double seconds) => DateTimeOffset.UnixEpoch + TimeSpan.FromSeconds(seconds);

        public override DateTimeOffset GetUtcNow() => At(Now);
    }
}
