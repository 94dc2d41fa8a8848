using Basgd.Aggregation.Memory;
using Basgd.Contracts;
using Basgd.Protocol;

namespace Basgd.Grains.Tests.Protocol;

/// <summary>The pieces that the tests of the protocol core are made of.</summary>
internal static class Given
{
    public static ParameterVector Vector(params float[] values) => ParameterVector.CopyOf(values);

    public static float[] Floats(ParameterVector? vector) => vector is null ? [] : vector.Span.ToArray();

    public static ModelVersion At(long step, int generation = 0) => new(generation, step);

    /// <summary>An opening for d = 2 that maps the workers of <paramref name="lastApplied"/>, or workers 0 and 1 that have nothing applied.</summary>
    public static BufferOpening Opening(long step = 0, int generation = 0, int epoch = 0, bool isOpen = true, long maxStaleness = 10, Dictionary<int, long>? lastApplied = null, bool equally = false) =>
        new(isOpen, At(step, generation), epoch, 2, maxStaleness, lastApplied ?? new() { [0] = -1, [1] = -1 }, false, equally);

    public static Submission Gradient(int worker, long sequence, float value = 1, long step = 0, int generation = 0, int epoch = 0, double loss = 0.5) =>
        new(worker, sequence, epoch, At(step, generation), loss, Vector(value, -value));

    /// <summary>A buffer that is opened.</summary>
    public static BufferCore Buffer(BufferOpening? opening = null)
    {
        var buffer = new BufferCore();
        buffer.Open(opening ?? Opening());
        return buffer;
    }

    /// <summary>The same buffer after its activation died: what was stored, in vectors of its own, and nothing else.</summary>
    public static BufferCore Reactivated(BufferContent stored)
    {
        var buffer = new BufferCore();
        buffer.Restore(Copy(stored));
        return buffer;
    }

    /// <summary>Content as storage keeps it: no vector or list is shared with the original.</summary>
    public static BufferContent Copy(BufferContent content) => content with
    {
        Means = content.Means.ToDictionary(static entry => entry.Key, static entry => ParameterVector.CopyOf(entry.Value.Span)),
        Contributions = [.. content.Contributions],
        Sealed = content.Sealed is null
            ? null
            : content.Sealed with { Mean = ParameterVector.CopyOf(content.Sealed.Mean.Span), Contributions = [.. content.Sealed.Contributions] },
        LastSequence = new Dictionary<int, long>(content.LastSequence),
    };

    /// <summary>Seals a round for the model that the buffer was opened by.</summary>
    public static SealedRound? Seal(this BufferCore buffer, long round)
    {
        var holdings = buffer.Holdings();
        return buffer.Seal(At(round, holdings.Generation), holdings.MappingEpoch);
    }

    public static void ShouldAccept(this BufferCore buffer, Submission submission) => buffer.Submit(submission).Refusal.ShouldBeNull();
}
