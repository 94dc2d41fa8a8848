using Basgd.Aggregation;
using Basgd.Contracts;
using Basgd.Protocol;

namespace Basgd.Grains.Tests.Protocol.Simulation;

/// <summary>
/// Does the I/O around <see cref="RoundCore"/> that the model's grain does: one activation, from what is stored. <see cref="Move"/> does
/// one action of its background task. Between any two of them the world may do anything, such as end this activation.
/// </summary>
internal sealed class ModelActivation
{
    private static readonly IRule<float> Rule = Rules.Create<float>("median");

    private readonly World world;
    private readonly RoundCore core;
    private readonly int versionsLost;
    private readonly List<StepEntry> notDurable = [];
    private readonly IEnumerator<bool> life;
    private BufferActivation[]? ownBuffers;
    private int tag;

    public ModelActivation(World world)
    {
        this.world = world;
        (var stored, tag, versionsLost) = world.Disk.ReadModel();
        core = new RoundCore(world.Spec, Rule, new Horizon(world.Spec, TrainingExamples: 1000), world.Clock, stored);
        life = Live().GetEnumerator();
    }

    public ModelState State => core.State;

    public bool IsOpen => core.IsOpen;

    /// <summary>Whether it takes all buffers to be full.</summary>
    public bool IsReady => core.IsReady;

    public bool IsCompleted => core.IsCompleted;

    public bool IsDead { get; private set; }

    public bool IsOutdated => tag != world.Disk.ModelTag;

    /// <summary>A worker that an operator wants out of quarantine; null for none.</summary>
    public int? ToLift { get; set; }

    /// <summary>From now on it reaches only the buffers on its side of a partition.</summary>
    public void Cut(BufferActivation[] buffers) => ownBuffers = buffers;

    public void Move()
    {
        if (IsDead) return;
        try
        {
            life.MoveNext();
        }
        catch (ConflictException)
        {
            IsDead = true;
            core.Close();
        }
    }

    public void BufferFull(int buffer, long round) => core.BufferFull(buffer, round);

    public BufferOpening? Join(int buffer, BufferReport report) => core.Join(buffer, report);

    private IEnumerable<bool> Live()
    {
        var newest = State.Version;
        for (var b = 0; b < world.Buffers.Length;)
        {
            if (Call(b, static buffer => buffer.GetReport()) is { } report)
            {
                b++;
                if (report.Version > newest) newest = report.Version;
            }

            yield return true;
        }

        if (core.Recovered(newest, versionsLost) is { } recovered)
            foreach (var _ in BeginGeneration(recovered)) yield return true;

        if (!core.IsCompleted)
        {
            core.Begin();
            foreach (var _ in SendOpenings()) yield return true;
        }

        while (true)
        {
            if (ToLift is { } worker)
                foreach (var _ in Lift(worker)) yield return true;
            if (core.IsOpen)
                foreach (var _ in core.IsReady ? MakeStep() : core.IsTimedOut ? Reassign() : Poll()) yield return true;
            yield return true;
        }
    }

    private IEnumerable<bool> SendOpenings(Action<BufferReport>? hear = null)
    {
        for (var b = 0; b < world.Buffers.Length; b++)
        {
            if (Call(b, buffer => buffer.Open(core.Opening(b))) is { } report)
            {
                core.Note(b, report);
                hear?.Invoke(report);
            }

            yield return true;
        }
    }

    /// <summary>An opening that is repeated makes up for any message that was lost before.</summary>
    private IEnumerable<bool> Poll()
    {
        var newest = State.Version;
        foreach (var _ in SendOpenings(report => newest = report.Version > newest ? report.Version : newest)) yield return true;
        if (core.Overtaken(newest) is not { } generation) yield break;
        foreach (var _ in BeginGeneration(generation)) yield return true;
        foreach (var _ in SendOpenings()) yield return true;
    }

    private IEnumerable<bool> BeginGeneration(ModelState next)
    {
        while (!Persist(next)) yield return true;
        core.BeginGeneration(next);
        yield return true;
    }

    private IEnumerable<bool> MakeStep()
    {
        if (!Archive()) yield break;
        yield return true;
        var before = State;
        var seals = new SealedRound?[before.Routing.Buffers];
        for (var b = 0; b < seals.Length; b++)
        {
            seals[b] = Call(b, buffer => buffer.Seal(before.Version, before.Routing.MappingEpoch));
            yield return true;
            if (core.Takes(b, seals[b])) continue;
            seals[b] = null;
            Call(b, buffer => buffer.Open(core.Opening(b)));
            yield return true;
        }

        if (seals.Contains(null)) yield break;
        ModelState next;
        try
        {
            next = core.Make(seals!, core.NeedsSpread ? new Spread(seals.Length, threads: 1) : null);
        }
        catch (ObjectDisposedException)
        {
            // Another activation's commit took these seals away meanwhile.
            yield break;
        }

        next = core.Judge(next, seals!);
        notDurable.Add(new StepEntry([.. seals.Select(static seal => seal!.Contributions.ToArray())]));
        yield return true;
        if (core.MustStore(next) && !Persist(next))
        {
            notDurable.RemoveAt(notDurable.Count - 1);
            yield break;
        }

        var after = core.Advance(next);
        Tell(before, after);
        yield return true;
        if (after != AfterStep.Commit)
        {
            foreach (var _ in SendOpenings()) yield return true;
            yield break;
        }

        for (var b = 0; b < seals.Length; b++)
        {
            Call(b, buffer =>
            {
                buffer.Commit(next.Version);
                return "";
            });
            yield return true;
        }

        if (core.Grown() is not { } grown) yield break;
        world.Happened(Happening.Grow);
        foreach (var _ in Remap(grown)) yield return true;
    }

    private void Tell(ModelState before, AfterStep after)
    {
        if (after == AfterStep.CloseBuffers) world.Happened(Happening.Complete);
        if (notDurable.Count > 0) world.Happened(Happening.StepBetweenCheckpoints);
        var isConfined = State.Quarantine.Workers.Count > before.Quarantine.Workers.Count;
        if (isConfined) world.Happened(Happening.Quarantine);
        if (State.Routing.Planned > before.Routing.Planned && !isConfined) world.Happened(Happening.Reshuffle);
    }

    private IEnumerable<bool> Reassign()
    {
        List<BufferReport> reports = [];
        for (var b = 0; b < world.Buffers.Length; b++)
        {
            if (Call(b, static buffer => buffer.GetReport()) is not { } report) yield break;
            reports.Add(report);
            yield return true;
        }

        if (core.Reassign(reports).Next is not { } next) yield break;
        world.Happened(next.Routing.Buffers < State.Routing.Buffers ? Happening.Shrink : Happening.Reassign);
        foreach (var _ in Remap(next)) yield return true;
    }

    private IEnumerable<bool> Remap(ModelState next)
    {
        if (!Persist(next)) yield break;
        core.Remap(next);
        foreach (var _ in SendOpenings()) yield return true;
    }

    private IEnumerable<bool> Lift(int worker)
    {
        ToLift = null;
        if (!State.Quarantine.Workers.Contains(worker)) yield break;
        var next = State.Lifted(worker);
        if (!Persist(next)) yield break;
        core.Lift(next);
        world.Happened(Happening.Lift);
        if (!core.IsOpen) yield break;
        foreach (var _ in SendOpenings()) yield return true;
    }

    /// <summary>False if the ledger has no room, because no segment could be stored.</summary>
    private bool Archive()
    {
        while (core.NextSegment() is var (number, segment))
        {
            try
            {
                world.Disk.Put(number, segment);
            }
            catch (StorageException)
            {
                return !core.IsLedgerFull;
            }

            core.SegmentMoved();
        }

        return true;
    }

    /// <summary>Whether storage says that it is done.</summary>
    private bool Persist(ModelState next)
    {
        try
        {
            tag = world.Disk.Write(next, notDurable, tag);
        }
        catch (StorageException)
        {
            return false;
        }

        core.Stored(next);
        notDurable.Clear();
        return true;
    }

    /// <summary>A call that may fail before or after it took effect; null then.</summary>
    private T? Call<T>(int b, Func<BufferActivation, T> call)
        where T : class?
    {
        try
        {
            if (world.IsCut(b) || world.IsLost()) return null;
            var answer = call(ownBuffers is null ? world.Reach(b) : ownBuffers[b]);
            return world.IsLost() ? null : answer;
        }
        catch (LostException)
        {
            return null;
        }
    }
}
