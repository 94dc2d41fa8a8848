using Basgd.Contracts;
using Basgd.Protocol;

namespace Basgd.Grains.Tests.Protocol.Simulation;

/// <summary>Another activation wrote meanwhile.</summary>
internal sealed class ConflictException : Exception;

/// <summary>The message or its answer never arrived.</summary>
internal sealed class LostException : Exception;

/// <summary>Storage said no, or did not say yes.</summary>
internal sealed class StorageException : Exception;

/// <summary>What went into one step, by buffer, in the order in which it came.</summary>
internal sealed record StepEntry(IReadOnlyList<IReadOnlyList<Contribution>> Buffers);

/// <summary>
/// Storage with an ETag for each record, and a ledger of durable steps of its own, beside the one that the model keeps. Checks
/// what may never happen. May refuse, fail after it has written, answer with an old version, and lose the newest one.
/// </summary>
internal sealed class Disk(ModelState initial, int buffers, World world)
{
    private readonly (BufferContent? Content, int Tag)[] contents = new (BufferContent?, int)[buffers];
    private readonly (BufferContent? Content, int Tag)[] contentsBefore = new (BufferContent?, int)[buffers];
    private readonly Dictionary<long, LedgerSegment> segments = [];
    private (ModelState State, int Tag) before = (initial, 0);
    private ModelVersion? lost;
    private ModelState? fallenBackTo;

    public ModelState Initial { get; } = initial;

    public ModelState Model { get; private set; } = initial;

    public int ModelTag { get; private set; }

    /// <summary>Whether durable steps were ever lost.</summary>
    public bool HasLostSteps { get; private set; }

    /// <summary>Steps since <see cref="Initial"/>.</summary>
    public List<StepEntry> Ledger { get; } = [];

    public HashSet<(int Worker, long Sequence)> Applied { get; } = [.. Initials(initial)];

    public (BufferContent? Content, int Tag) Read(int buffer)
    {
        var (content, tag) = world.IsStaleRead() ? contentsBefore[buffer] : contents[buffer];
        return (content is null ? null : Given.Copy(content), tag);
    }

    public int TagOf(int buffer) => contents[buffer].Tag;

    public int Write(int buffer, BufferContent content, int tag)
    {
        if (tag != contents[buffer].Tag) throw new ConflictException();
        world.FailWrite(() =>
        {
            contentsBefore[buffer] = contents[buffer];
            contents[buffer] = (Given.Copy(content), tag + 1);
        });
        return tag + 1;
    }

    /// <summary>The model, its ETag, and how many newer versions were lost.</summary>
    public (ModelState State, int Tag, int VersionsLost) ReadModel() =>
        world.IsStaleRead() ? (before.State, before.Tag, 0) : (Model, ModelTag, lost is null ? 0 : 1);

    /// <param name="steps">What happened since the last write of this activation.</param>
    public int Write(ModelState next, IReadOnlyList<StepEntry> steps, int tag)
    {
        if (tag != ModelTag) throw new ConflictException();
        world.FailWrite(() =>
        {
            next.Version.Step.ShouldBe(Model.Version.Step + steps.Count, "durable steps never repeat or go back");
            next.Version.ShouldBeGreaterThanOrEqualTo(Model.Version);
            if (lost is not null) next.Version.Generation.ShouldBeGreaterThan(lost.Value.Generation, "what comes after lost steps is another generation");
            foreach (var contribution in Contributions(steps))
                Applied.Add(contribution).ShouldBeTrue($"{contribution} goes into two steps, the second time into one up to {next.Version}");
            Ledger.AddRange(steps);
            before = (Model, ModelTag);
            (Model, lost) = (next, null);
            ModelTag++;
        });
        return ModelTag;
    }

    /// <summary>The newest version of the model is damaged: the one before it becomes the newest.</summary>
    public void FallBack()
    {
        // Once each: nothing that is left could tell what was lost the first time from what is lost the second.
        if (lost is not null || before.State == fallenBackTo || before.Tag == ModelTag || before.State.Version == Model.Version) return;
        var steps = (int)(Model.Version.Step - before.State.Version.Step);
        foreach (var contribution in Contributions(Ledger[^steps..])) Applied.Remove(contribution);
        Ledger.RemoveRange(Ledger.Count - steps, steps);
        lost = Model.Version;
        Model = fallenBackTo = before.State;
        ModelTag++;
        HasLostSteps = true;
    }

    public void Put(long number, LedgerSegment segment)
    {
        world.FailWrite(() =>
        {
            if (!segments.TryGetValue(number, out var stored) || stored.GivesWayTo(segment)) segments[number] = segment;
        });
    }

    /// <summary>The ledger that the model keeps, as `verify` reads it.</summary>
    public IEnumerable<LedgerEntry> Kept() =>
        Enumerable.Range(0, (int)(Model.Ledger!.First / LedgerSegment.Steps)).SelectMany(number => segments[number].Entries).Concat(Model.Ledger.Entries);

    private static IEnumerable<(int, long)> Initials(ModelState state) =>
        Contributions(state.Ledger!.Entries.Select(static entry => new StepEntry(entry.Buffers)));

    private static IEnumerable<(int, long)> Contributions(IEnumerable<StepEntry> steps) =>
        steps.SelectMany(static step => step.Buffers).SelectMany(static buffer => buffer).Select(static c => (c.Worker, c.Sequence));
}
