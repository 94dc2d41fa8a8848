using Basgd.Contracts;

namespace Basgd.Protocol;

/// <summary>β: which buffer each worker's gradients go to.</summary>
public static class Mapping
{
    /// <summary>The paper's start: β(s) = s mod B.</summary>
    public static Routing Initial(int workers, int buffers) =>
        new(0, [.. Enumerable.Range(0, workers).Select(worker => worker % buffers)]);

    /// <summary>
    /// Spreads the active workers over all buffers, and the silent ones likewise, so that every buffer has as many of either
    /// as any other, give or take one. The paper leaves the choice open; by index it can be replayed.
    /// </summary>
    /// <param name="active">Workers heard since the timer last started.</param>
    /// <returns>The next epoch's routing; null where there are fewer active workers than buffers.</returns>
    public static Routing? Reassign(Routing current, IReadOnlySet<int> active, int buffers)
    {
        if (active.Count < buffers) return null;
        var bufferOf = new int[current.BufferOf.Count];
        int nextActive = 0, nextSilent = 0;
        for (var worker = 0; worker < bufferOf.Length; worker++)
            bufferOf[worker] = (active.Contains(worker) ? nextActive++ : nextSilent++) % buffers;
        return new Routing(current.MappingEpoch + 1, bufferOf);
    }
}
