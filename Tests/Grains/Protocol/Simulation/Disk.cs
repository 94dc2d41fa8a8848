using Basgd.Contracts;
using Basgd.Protocol;

namespace Basgd.Grains.Tests.Protocol.Simulation;

/// <summary>Another activation wrote meanwhile.</summary>
internal sealed class ConflictException : Exception;

/// <summary>The message or its answer never arrived.</summary>
internal sealed class LostException : Exception;

/// <summary>What went into one step, by buffer, in the order in which it came.</summary>
internal sealed record StepEntry(IReadOnlyList<IReadOnlyList<Contribution>> Buffers);

/// <summary>Storage with an ETag for each record, and the ledger of durable steps. Checks what may never happen.</summary>
internal sealed class Disk(ModelState initial, int buffers)
{
    private readonly BufferContent?[] contents = new BufferContent?[buffers];
    private readonly int[] bufferTags = new int[buffers];

    public ModelState Initial { get; } = initial;

    public ModelState Model { get; private set; } = initial;

    public int ModelTag { get; private set; }

    public List<StepEntry> Ledger { get; } = [];

    public HashSet<(int Worker, long Sequence)> Applied { get; } = [];

    public (BufferContent? Content, int Tag) Read(int buffer) =>
        (contents[buffer] is { } content ? Given.Copy(content) : null, bufferTags[buffer]);

    public int Write(int buffer, BufferContent content, int tag)
    {
        if (tag != bufferTags[buffer]) throw new ConflictException();
        contents[buffer] = Given.Copy(content);
        return ++bufferTags[buffer];
    }

    /// <param name="steps">What happened since the last write of this activation.</param>
    public int Write(ModelState next, IReadOnlyList<StepEntry> steps, int tag)
    {
        if (tag != ModelTag) throw new ConflictException();
        next.Version.Step.ShouldBe(Model.Version.Step + steps.Count, "durable steps never repeat or go back");
        next.Version.ShouldBeGreaterThanOrEqualTo(Model.Version);
        foreach (var contribution in steps.SelectMany(static step => step.Buffers).SelectMany(static buffer => buffer))
            Applied.Add((contribution.Worker, contribution.Sequence)).ShouldBeTrue($"{contribution} goes into two steps, the second time into one up to {next.Version}");
        Ledger.AddRange(steps);
        Model = next;
        return ++ModelTag;
    }
}
