using Basgd.Aggregation;
using Basgd.Contracts;
using Basgd.Protocol;

namespace Basgd.Grains.Tests.Protocol.Simulation;

/// <summary>
/// Mimics the shell of the model: one activation, from what is stored. <see cref="Move"/> does one action of its background
/// task, between any two of which the world may do anything, end this activation too.
/// </summary>
internal sealed class ModelActivation
{
    private static readonly IRule<float> Rule = Rules.Create<float>("median");

    private readonly World world;
    private BufferActivation[]? ownBuffers;
    private readonly HashSet<int> heard = [];
    private readonly int versionsLost;
    private RoundTracker rounds = new(0);
    private ModelState durable;
    private readonly List<StepEntry> notDurable = [];
    private readonly IEnumerator<bool> life;
    private int tag;
    private bool isOpen;

    public ModelActivation(World world)
    {
        this.world = world;
        (State, tag, versionsLost) = world.Disk.ReadModel();
        durable = State;
        life = Live().GetEnumerator();
    }

    public ModelState State { get; private set; }

    public bool IsDead { get; private set; }

    public bool IsOutdated => tag != world.Disk.ModelTag;

    /// <summary>Set by the world: no step for Δ.</summary>
    public bool IsTimeOut { get; set; }

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
            isOpen = false;
        }
    }

    public void BufferFull(int buffer, long round)
    {
        if (isOpen && buffer < State.Routing.Buffers) rounds.Full(buffer, round);
    }

    public BufferOpening? Join(int buffer, BufferReport report)
    {
        if (!isOpen) return null;
        rounds.NotFull(buffer);
        if (buffer < State.Routing.Buffers && report.IsFullFor(State.Version.Step)) rounds.Full(buffer, State.Version.Step);
        return Opening(buffer);
    }

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

        if (world.Settings.Durability == Durability.Interval || versionsLost > 0 || newest > State.Version)
            foreach (var _ in StartGeneration(Math.Max(State.Version.Generation + versionsLost, newest.Generation) + 1)) yield return true;

        foreach (var _ in OpenBuffers()) yield return true;
        while (true)
        {
            foreach (var _ in rounds.AllFull ? MakeStep() : IsTimeOut ? Reassign() : SendOpenings()) yield return true;
            yield return true;
        }
    }

    private IEnumerable<bool> OpenBuffers()
    {
        rounds = new RoundTracker(State.Routing.Buffers);
        rounds.Restart(State.Version.Step);
        heard.Clear();
        isOpen = true;
        foreach (var _ in SendOpenings()) yield return true;
    }

    /// <summary>Also the look around: an opening that is repeated mends whatever message was lost before.</summary>
    private IEnumerable<bool> SendOpenings()
    {
        var newest = State.Version;
        for (var b = 0; b < world.Buffers.Length; b++)
        {
            if (Call(b, buffer => buffer.Open(Opening(b))) is { } report)
            {
                Note(b, report);
                if (report.Version > newest) newest = report.Version;
            }

            yield return true;
        }

        if (newest <= State.Version) yield break;
        foreach (var _ in StartGeneration(newest.Generation + 1)) yield return true;
        foreach (var _ in OpenBuffers()) yield return true;
    }

    private IEnumerable<bool> StartGeneration(int generation)
    {
        var next = State with { Version = State.Version with { Generation = generation } };
        while (!Persist(next)) yield return true;
        State = next;
        yield return true;
    }

    private IEnumerable<bool> MakeStep()
    {
        if (!Archive()) yield break;
        yield return true;
        var version = State.Version;
        var seals = new SealedRound?[State.Routing.Buffers];
        for (var b = 0; b < seals.Length; b++)
        {
            seals[b] = Call(b, buffer => buffer.Seal(version, State.Routing.MappingEpoch));
            yield return true;
            if (seals[b] is { } seal && !Step.CanTake(State, b, seal))
            {
                seals[b] = null;
                Call(b, buffer => buffer.Open(Opening(b)));
                yield return true;
            }

            if (seals[b] is null) rounds.NotFull(b);
        }

        if (seals.Contains(null)) yield break;
        ModelState next;
        try
        {
            next = Step.Make(State, seals!, Rule, World.LearningRate, World.WeightDecay);
        }
        catch (ObjectDisposedException)
        {
            // Another activation's commit took these seals away meanwhile.
            yield break;
        }

        notDurable.Add(new StepEntry([.. seals.Select(static seal => seal!.Contributions.ToArray())]));
        yield return true;
        if ((world.Settings.Durability != Durability.Interval || notDurable.Count >= World.CheckpointSteps || next.Ledger!.IsFull()) && !Persist(next))
        {
            notDurable.RemoveAt(notDurable.Count - 1);
            yield break;
        }

        State = next;
        heard.UnionWith(seals.SelectMany(static seal => seal!.Contributions).Select(static c => c.Worker));
        rounds.Advance();
        IsTimeOut = false;
        yield return true;
        for (var b = 0; b < seals.Length; b++)
        {
            Call(b, buffer =>
            {
                buffer.Commit(next.Version);
                return "";
            });
            yield return true;
        }

        if (world.MayGrow() && Mapping.BuffersFor(world.Spec, heard.Count) is { } count && count > State.Routing.Buffers)
            foreach (var _ in Remap(heard, count)) yield return true;
    }

    private IEnumerable<bool> Reassign()
    {
        IsTimeOut = false;
        HashSet<int> active = [];
        for (var b = 0; b < world.Buffers.Length; b++)
        {
            if (Call(b, static buffer => buffer.GetReport()) is not { } report) yield break;
            Note(b, report);
            active.UnionWith(report.Heard);
            yield return true;
        }

        if (rounds.AllFull || Mapping.BuffersFor(world.Spec, active.Count) is not { } count) yield break;
        foreach (var _ in Remap(active, count)) yield return true;
    }

    private IEnumerable<bool> Remap(IReadOnlySet<int> active, int count)
    {
        var next = State with { Routing = Mapping.Reassign(State.Routing, active, count)! };
        if (!Persist(next)) yield break;
        State = next;
        foreach (var _ in OpenBuffers()) yield return true;
    }

    /// <summary>False where the tail is full and no segment could be stored.</summary>
    private bool Archive()
    {
        while (durable.Ledger!.First + durable.Ledger.Entries.Count >= State.Ledger!.First + LedgerSegment.Steps)
        {
            var (number, segment) = State.Ledger.FullSegment()!.Value;
            try
            {
                world.Disk.Put(number, segment);
            }
            catch (StorageException)
            {
                return !State.Ledger.IsFull();
            }

            State = State with { Ledger = State.Ledger.WithoutSegment() };
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

        durable = next;
        notDurable.Clear();
        return true;
    }

    private void Note(int b, BufferReport report)
    {
        if (b >= State.Routing.Buffers) return;
        if (report.IsFullFor(State.Version.Step)) rounds.Full(b, State.Version.Step);
        if (report.IsFullFor(State.Version.Step + 1)) rounds.Full(b, State.Version.Step + 1);
    }

    private BufferOpening Opening(int buffer) => new(
        isOpen,
        State.Version,
        State.Routing.MappingEpoch,
        State.Parameters.Length,
        World.MaxStaleness,
        State.Routing.BufferOf.Index().Where(entry => entry.Item == buffer).ToDictionary(static entry => entry.Index, entry => State.LastApplied[entry.Index]),
        world.Settings.Durability == Durability.Acknowledged,
        world.Settings.WeighsWorkersEqually) { MaxContributions = world.Settings.MaxContributions };

    /// <summary>A call that may fail before or after it took effect; null then.</summary>
    private T? Call<T>(int b, Func<BufferActivation, T> call)
        where T : class?
    {
        try
        {
            if (world.IsLost()) return null;
            var answer = call(ownBuffers is null ? world.Reach(b) : ownBuffers[b]);
            return world.IsLost() ? null : answer;
        }
        catch (LostException)
        {
            return null;
        }
    }
}
