using Basgd.Aggregation;
using Basgd.Contracts;
using Basgd.Learning;

namespace Basgd.Protocol;

/// <summary>β: which buffer each worker's gradients go to.</summary>
public static class Mapping
{
    /// <summary>First index given to <see cref="Seeds.Derive"/>: large, so that no learner or attack has the same.</summary>
    private const long ReshuffleStream = 1L << 41;

    /// <summary>The paper's start: β(s) = s mod B.</summary>
    public static Routing Initial(int workers, int buffers) =>
        new(0, [.. Enumerable.Range(0, workers).Select(worker => worker % buffers)]);

    /// <summary>
    /// How many buffers so many active workers can fill: B, or, where the job may shrink B, as many as there are active workers,
    /// so long as they are at least 2r + 1 and the rule takes them.
    /// </summary>
    /// <returns>Null where the job has to wait.</returns>
    public static int? BuffersFor(JobSpec spec, int active)
    {
        if (active >= spec.Buffers) return spec.Buffers;
        if (!spec.ShrinkBuffers) return null;
        for (var buffers = active; buffers >= Math.Max(1, (2 * spec.EffectiveTolerate) + 1); buffers--)
            if (Takes(spec, buffers)) return buffers;
        return null;
    }

    /// <summary>
    /// Spreads the active workers over all buffers, and the silent ones likewise, so that every buffer has as many of either
    /// as any other, give or take one. The paper leaves the choice open; by index it can be replayed.
    /// </summary>
    /// <param name="active">Workers heard since the timer last started.</param>
    /// <returns>The next epoch's routing; null where there are fewer active workers than buffers.</returns>
    public static Routing? Reassign(Routing current, IReadOnlySet<int> active, int buffers) =>
        Deal(current, active, buffers, Enumerable.Range(0, current.BufferOf.Count));

    /// <summary>Whether the job deals its workers anew with the model of this step.</summary>
    public static bool IsReshuffleDue(JobSpec spec, long step) => spec.ReshuffleEverySteps is { } every && step > 0 && step % every == 0;

    /// <summary>
    /// Deals the workers to as many buffers as there are now, active and silent ones evenly as <see cref="Reassign"/> does, but in an
    /// order drawn from the seed and the mapping epoch: over the epochs every two workers share a buffer as often as any others.
    /// </summary>
    /// <param name="active">Workers that are taken to go on sending.</param>
    /// <returns>The next epoch's routing; null where there are fewer active workers than buffers.</returns>
    public static Routing? Reshuffle(Routing current, IReadOnlySet<int> active, ulong seed)
    {
        var order = Enumerable.Range(0, current.BufferOf.Count).ToArray();
        new Random(Seeds.Derive(seed, ReshuffleStream, current.MappingEpoch)).Shuffle(order);
        return Deal(current, active, current.Buffers, order) is { } next ? next with { Planned = next.Planned + 1 } : null;
    }

    /// <summary>
    /// The mapping that a step changes by plan, as a reshuffle is due or it has put somebody in quarantine: who is counts as silent, so
    /// that no buffer starves for him.
    /// </summary>
    /// <param name="heard">Workers that are taken to go on sending.</param>
    /// <returns>Null where the mapping stays.</returns>
    public static Routing? Planned(JobSpec spec, ModelState before, ModelState after, IReadOnlySet<int> heard)
    {
        if (IsReshuffleDue(spec, after.Version.Step) && Reshuffle(after.Routing, heard, spec.Seed) is { } dealt) return dealt;
        return after.Quarantine.Workers.Except(before.Quarantine.Workers).Any() ? Confine(spec, after, heard) : null;
    }

    /// <summary>Soon after a start few have been heard yet; then everybody else is taken to be active.</summary>
    private static Routing Confine(JobSpec spec, ModelState state, IReadOnlySet<int> heard)
    {
        var active = heard.Count >= state.Routing.Buffers ? heard : Enumerable.Range(0, spec.Workers).Except(state.Quarantine.Workers).ToHashSet();
        var next = Reassign(state.Routing, active, BuffersFor(spec, active.Count)!.Value)!;
        return next with { Planned = next.Planned + 1 };
    }

    private static Routing? Deal(Routing current, IReadOnlySet<int> active, int buffers, IEnumerable<int> order)
    {
        if (active.Count < buffers) return null;
        var bufferOf = new int[current.BufferOf.Count];
        int nextActive = 0, nextSilent = 0;
        foreach (var worker in order) bufferOf[worker] = (active.Contains(worker) ? nextActive++ : nextSilent++) % buffers;
        return current with { MappingEpoch = current.MappingEpoch + 1, BufferOf = bufferOf };
    }

    private static bool Takes(JobSpec spec, int buffers)
    {
        try
        {
            Rules.Validate(spec.Rule, buffers, spec.EffectiveTolerate);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
