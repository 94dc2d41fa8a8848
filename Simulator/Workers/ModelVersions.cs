using Basgd.Aggregation.Memory;
using Basgd.Protocol;

namespace Basgd.Simulator;

/// <summary>
/// The models that workers compute at. Those who fetched the same step share one vector, and a gradient is computed only when it
/// arrives, so a worker on its way costs no vector. A version goes when its last reader is done, or when it is so old that whatever is
/// computed at it will be refused. So there are at most min(m, maxStaleness + 1) of them, and with B buffers, of which each needs a
/// gradient for a step, about m/B where workers are alike.
/// </summary>
internal sealed class ModelVersions(long? maxStaleness)
{
    private readonly Dictionary<long, Held> held = [];
    private readonly Queue<long> steps = [];

    /// <summary>The most versions that were kept at once.</summary>
    public int Most { get; private set; }

    /// <summary>A reader more.</summary>
    public void Fetch(ModelState state)
    {
        var step = state.Version.Step;
        if (!held.TryGetValue(step, out var version))
        {
            held[step] = version = new Held(state.Parameters.Share());
            if (maxStaleness is not null) steps.Enqueue(step);
            Most = Math.Max(Most, held.Count);
        }

        version.Readers++;
    }

    /// <summary>The model of a step; null where it is too old.</summary>
    public ParameterVector? Find(long step) => held.GetValueOrDefault(step)?.Parameters;

    /// <summary>A reader less.</summary>
    public void Release(long step)
    {
        if (!held.TryGetValue(step, out var version) || --version.Readers > 0) return;
        Drop(step, version);
    }

    /// <summary>The newest model is of this step: lets go of those that are too old for it.</summary>
    public void Advance(long newest)
    {
        if (maxStaleness is not { } bound) return;
        while (steps.TryPeek(out var oldest) && newest - oldest > bound)
        {
            steps.Dequeue();
            if (held.TryGetValue(oldest, out var version)) Drop(oldest, version);
        }
    }

    private void Drop(long step, Held version)
    {
        version.Parameters.Return();
        held.Remove(step);
    }

    private sealed class Held(ParameterVector parameters)
    {
        public ParameterVector Parameters => parameters;

        public int Readers { get; set; }
    }
}
