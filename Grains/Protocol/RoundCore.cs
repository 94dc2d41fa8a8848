using Basgd.Aggregation;
using Basgd.Contracts;

namespace Basgd.Protocol;

/// <summary>
/// The server's half of BASGD (Yang and Li, ICML 2021, Algorithm 1) as one state machine. It decides when a step can be made, what the
/// step makes of model, mapping and quarantine, and what follows a step, a timeout and a restart. It does no I/O: the caller asks the
/// buffers, stores each next state, tells so (<see cref="Stored"/>), and then makes it the current one. If storing fails, nothing has
/// changed. Not thread-safe, except for <see cref="Make"/>.
/// </summary>
/// <param name="spec">The job.</param>
/// <param name="rule">The aggregation rule of the job.</param>
/// <param name="horizon">Learning rates, and the end of the job.</param>
/// <param name="durable">The state that storage holds.</param>
public sealed class RoundCore(JobSpec spec, IRule<float> rule, Horizon horizon, TimeProvider time, ModelState durable)
{
    private readonly Attendance attendance = new(time);
    private RoundTracker rounds = new(0);
    private DateTimeOffset durableAt = time.GetUtcNow();
    private DateTimeOffset mapped;

    /// <summary>The current state, which workers see.</summary>
    public ModelState State { get; private set; } = durable;

    /// <summary>The newest state that storage holds: of this version or an older one.</summary>
    public ModelState Durable { get; private set; } = durable;

    /// <summary>Whether buffers take gradients and steps are made.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>Whether training has diverged: the job cannot go on.</summary>
    public bool HasDiverged { get; private set; }

    /// <summary>Whether the steps or epochs that the job asks for are made.</summary>
    public bool IsCompleted => IsEnd(State);

    /// <summary>When the timer of Δ last started.</summary>
    public DateTimeOffset RoundStarted { get; private set; } = time.GetUtcNow();

    /// <summary>Whether Δ has passed without a step.</summary>
    public bool IsTimedOut => IsOpen && Since(RoundStarted) > spec.ReassignAfterSeconds;

    /// <summary>Whether a step can be made, because every buffer is full.</summary>
    public bool IsReady => IsOpen && rounds.AllFull;

    /// <summary>Whether the round has begun to fill.</summary>
    public bool HasBegun => rounds.AnyFull;

    /// <summary>Buffers that the round waits for.</summary>
    public int EmptyBuffers => rounds.Empty;

    /// <summary>Buffers that hold a gradient of the round.</summary>
    public int FullBuffers => rounds.Buffers - rounds.Empty;

    /// <summary>Whether steps must measure how the buffers lie, because quarantine depends on it.</summary>
    public bool NeedsSpread => spec.QuarantineAfterRounds is not null;

    /// <summary>Workers heard within the last Δ and not in quarantine.</summary>
    public IReadOnlySet<int> Active => ActiveIn(State);

    /// <summary>Begins to take gradients, at the current state.</summary>
    public void Begin()
    {
        mapped = time.GetUtcNow();
        Open();
    }

    /// <summary>Takes no more gradients.</summary>
    public void Close() => IsOpen = false;

    /// <summary>Training cannot go on.</summary>
    public void Diverge() => (HasDiverged, IsOpen) = (true, false);

    /// <summary>What a buffer is told.</summary>
    public BufferOpening Opening(int buffer) => new(
        IsOpen,
        State.Version,
        State.Routing.MappingEpoch,
        State.Parameters.Length,
        spec.MaxStaleness,
        State.Routing.BufferOf.Index().Where(entry => entry.Item == buffer).ToDictionary(static entry => entry.Index, entry => State.LastApplied[entry.Index]),
        spec.Durability == Durability.Acknowledged,
        spec.WeighWorkersEqually)
    {
        Quarantined = State.Quarantine.Workers.Where(worker => State.Routing.BufferOf[worker] == buffer).ToHashSet(),
        MaxContributions = spec.MaxContributionsPerRound,
    };

    /// <summary>A buffer says that it holds a gradient of a round.</summary>
    /// <returns>Whether the round can now be closed, and could not before.</returns>
    public bool BufferFull(int buffer, long round)
    {
        var before = rounds.AllFull;
        if (IsOpen && buffer < State.Routing.Buffers) rounds.Full(buffer, round);
        return rounds.AllFull && !before;
    }

    /// <summary>A buffer was activated again.</summary>
    /// <returns>What it is told; null if the model takes no gradients.</returns>
    public BufferOpening? Join(int buffer, BufferReport report)
    {
        if (!IsOpen) return null;
        if (buffer < State.Routing.Buffers)
        {
            rounds.NotFull(buffer);
            if (report.IsFullFor(State.Version.Step)) rounds.Full(buffer, State.Version.Step);
        }

        return Opening(buffer);
    }

    /// <summary>A buffer answered with what it holds.</summary>
    public void Note(int buffer, BufferReport report)
    {
        if (buffer >= State.Routing.Buffers) return;
        if (report.IsFullFor(State.Version.Step)) rounds.Full(buffer, State.Version.Step);
        if (report.IsFullFor(State.Version.Step + 1)) rounds.Full(buffer, State.Version.Step + 1);
    }

    /// <summary>Whether a buffer's sealed round can go into the step. If it cannot, the round waits for the buffer again, which must be told <see cref="Opening"/>.</summary>
    /// <param name="seal">Null if the buffer had nothing to seal.</param>
    public bool Takes(int buffer, SealedRound? seal)
    {
        if (seal is not null && Step.CanTake(State, buffer, seal)) return true;
        rounds.NotFull(buffer);
        return false;
    }

    /// <summary>Makes a step of the sealed rounds of all buffers. Changes nothing here, so that it may run on any thread.</summary>
    /// <param name="spread">See <see cref="Step.Make"/>.</param>
    /// <exception cref="ArgumentException">The rule refuses the rows.</exception>
    /// <exception cref="DivergedException">The new parameters are not finite.</exception>
    public ModelState Make(IReadOnlyList<SealedRound> seals, Spread? spread = null) =>
        Step.Make(State, seals, rule, horizon.LearningRateAt(State.GradientsApplied), spec.WeightDecay, spec.ServerMomentum, spread);

    /// <summary>
    /// What a step changes besides the parameters: quarantine, and the mapping if a change is planned for this step. Both are stored with
    /// the step, because buffers drop what they hold when they hear of it, and a crash before that must change nothing.
    /// </summary>
    /// <param name="made">What <see cref="Make"/> made of the seals.</param>
    public ModelState Judge(ModelState made, IReadOnlyList<SealedRound> seals)
    {
        attendance.Note(seals);
        var next = made.Judged(spec, State, seals);
        return !IsEnd(next) && Mapping.Planned(spec, State, next, ActiveIn(next)) is { } routing ? next with { Routing = routing } : next;
    }

    /// <summary>Whether the state after a step must be stored before it is shown.</summary>
    public bool MustStore(ModelState next) =>
        IsEnd(next)
        || spec.Durability != Durability.Interval
        || next.Version.Step - Durable.Version.Step >= spec.CheckpointSteps
        || next.Ledger?.IsFull() == true
        || Since(durableAt) >= spec.EffectiveCheckpointSeconds;

    /// <summary>Storage holds a state.</summary>
    public void Stored(ModelState state) => (Durable, durableAt) = (state, time.GetUtcNow());

    /// <summary>Makes the state after a step the current one, and restarts the timer.</summary>
    /// <returns>What the caller has to do next.</returns>
    public AfterStep Advance(ModelState next)
    {
        var isMapped = next.Routing.MappingEpoch > State.Routing.MappingEpoch;
        State = next;
        RoundStarted = time.GetUtcNow();
        rounds.Advance();
        if (IsCompleted)
        {
            Close();
            return AfterStep.CloseBuffers;
        }

        if (!isMapped) return AfterStep.Commit;
        Open();
        return AfterStep.OpenBuffers;
    }

    /// <summary>A mapping with more buffers, if their number had to shrink and more workers have been active for Δ. To be asked after a commit.</summary>
    /// <returns>Null if the mapping stays.</returns>
    public ModelState? Grown()
    {
        if (State.Routing.Buffers == spec.Buffers || Since(mapped) <= spec.ReassignAfterSeconds) return null;
        return Mapping.BuffersFor(spec, Active.Count) is { } count && count > State.Routing.Buffers ? With(Mapping.Reassign(State.Routing, Active, count)) : null;
    }

    /// <summary>Δ has passed without a step: spreads the workers that buffers heard of since over all buffers (Algorithm 1, the timer).</summary>
    /// <param name="reports">What every buffer answered, by buffer.</param>
    public Reassignment Reassign(IReadOnlyList<BufferReport> reports)
    {
        for (var b = 0; b < reports.Count; b++) Note(b, reports[b]);
        if (rounds.AllFull) return Reassignment.NotNeeded;
        RoundStarted = time.GetUtcNow();
        var active = reports.SelectMany(static report => report.Heard).Except(State.Quarantine.Workers).ToHashSet();
        var next = Mapping.BuffersFor(spec, active.Count) is { } count ? With(Mapping.Reassign(State.Routing, active, count)) : null;
        return new Reassignment(next, IsStarving: next is null, active.Count);
    }

    /// <summary>Makes a state with another mapping the current one: buffers are to be opened.</summary>
    public void Remap(ModelState next)
    {
        State = next;
        mapped = time.GetUtcNow();
        Open();
    }

    /// <summary>
    /// The generation that an activation begins with if steps were lost, so that their numbers are not taken for those of new steps: after
    /// the last checkpoint, or because storage fell back to an older version. Storage says so, or a buffer knows a newer model.
    /// </summary>
    /// <param name="newest">The newest model that any buffer knows.</param>
    /// <param name="versionsLost">Versions that storage has lost.</param>
    /// <returns>Null if nothing was lost.</returns>
    public ModelState? Recovered(ModelVersion newest, int versionsLost) =>
        // Each of the lost versions began at most one generation.
        spec.Durability == Durability.Interval || versionsLost > 0 || newest > State.Version ? Generation(Math.Max(State.Version.Generation + versionsLost, newest.Generation) + 1) : null;

    /// <summary>The generation to go on with if a buffer that came back only now knows a newer model; null if none does.</summary>
    public ModelState? Overtaken(ModelVersion newest) => newest > State.Version ? Generation(newest.Generation + 1) : null;

    /// <summary>Makes a state of a new generation the current one. If the model is open, buffers are to be opened again.</summary>
    public void BeginGeneration(ModelState next)
    {
        State = next;
        if (IsOpen) Open();
    }

    /// <summary>Makes a state current in which only quarantine or suspicion differ: buffers are to be told.</summary>
    public void Lift(ModelState next) => State = next;

    /// <summary>Whether training has diverged: more than r workers cannot all be lying, so an honest one sees gradients that are not finite.</summary>
    public bool IsDiverging(IReadOnlyList<BufferReport> reports) => !rounds.AllFull && reports.Sum(static report => report.Unusable.Count) > spec.EffectiveTolerate;

    /// <summary>A full segment of the ledger that is durable in the state, and so can be moved to a place of its own; null if there is none.</summary>
    public (long Number, LedgerSegment Segment)? NextSegment() =>
        State.Ledger is { } tail && Durable.Ledger is { } safe && safe.First + safe.Entries.Count >= tail.First + LedgerSegment.Steps ? tail.FullSegment() : null;

    /// <summary>Whether the ledger has no room for another step until a segment is moved.</summary>
    public bool IsLedgerFull => State.Ledger?.IsFull() == true;

    /// <summary>The segment is stored: the state keeps it no more.</summary>
    public void SegmentMoved() => State = State with { Ledger = State.Ledger!.WithoutSegment() };

    private void Open()
    {
        rounds = new RoundTracker(State.Routing.Buffers);
        rounds.Restart(State.Version.Step);
        RoundStarted = time.GetUtcNow();
        IsOpen = true;
    }

    private bool IsEnd(ModelState state) => horizon.IsReached(state.Version.Step, state.GradientsApplied);

    private double Since(DateTimeOffset at) => (time.GetUtcNow() - at).TotalSeconds;

    private HashSet<int> ActiveIn(ModelState state) => attendance.Within(spec.ReassignAfterSeconds).Except(state.Quarantine.Workers).ToHashSet();

    private ModelState? With(Routing? routing) => routing is null ? null : State with { Routing = routing };

    private ModelState Generation(int generation) => State with { Version = State.Version with { Generation = generation } };
}

/// <summary>What follows a step.</summary>
public enum AfterStep
{
    /// <summary>The buffers that were sealed are told to commit.</summary>
    Commit,

    /// <summary>The step changed the mapping: buffers are opened.</summary>
    OpenBuffers,

    /// <summary>The job is completed: buffers are closed.</summary>
    CloseBuffers,
}

/// <summary>What follows a timeout.</summary>
/// <param name="Next">The state with the new mapping, to be stored and passed to <see cref="RoundCore.Remap"/>; null if the mapping stays.</param>
/// <param name="IsStarving">Whether the job has to wait, because fewer workers are active than there are buffers.</param>
/// <param name="Active">Workers that buffers heard of.</param>
public readonly record struct Reassignment(ModelState? Next, bool IsStarving, int Active)
{
    /// <summary>All buffers are full: a step is due.</summary>
    public static Reassignment NotNeeded => default;
}
