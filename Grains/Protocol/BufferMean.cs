using Basgd.Aggregation.Kernels;
using Basgd.Aggregation.Memory;
using Basgd.Contracts;

namespace Basgd.Protocol;

/// <summary>
/// h_b of a round as its gradients come: each group of them has its running mean, and h_b is the mean over the groups. One group
/// for everyone is the paper's plain mean; a group for each worker weighs workers equally, however many gradients they send.
/// Memory: a d-vector for each group heard in the round. Time: one pass over d per gradient, its check for finite values included, one per group at the end.
/// </summary>
public sealed class BufferMean
{
    /// <summary>The group of all workers together.</summary>
    public const int Everyone = -1;

    // By group, not by arrival: h_b depends on what each worker sent, not on who was first.
    private readonly SortedDictionary<int, Group> groups = [];

    /// <summary>Nothing yet.</summary>
    public BufferMean()
    {
    }

    /// <summary>What was stored, and the contributions that it is the mean of.</summary>
    public BufferMean(IReadOnlyDictionary<int, ParameterVector> means, IReadOnlyList<Contribution> contributions)
    {
        ArgumentNullException.ThrowIfNull(means);
        foreach (var (group, mean) in means)
            groups[group] = new Group(mean, group == Everyone ? contributions.Count : contributions.Count(contribution => contribution.Worker == group));
    }

    /// <summary>The running mean of each group; shared, they go back to the pool with the next gradient.</summary>
    public IReadOnlyDictionary<int, ParameterVector> Means => groups.ToDictionary(static entry => entry.Key, static entry => entry.Value.Mean);

    /// <summary>N ← N + 1, h ← h + (g − h)/N for the group; nothing where a value of g is not finite.</summary>
    /// <param name="group">A worker, or <see cref="Everyone"/>.</param>
    /// <returns>Whether g is finite.</returns>
    public bool TryAdd(int group, ReadOnlySpan<float> gradient)
    {
        var next = ParameterVector.Rent(gradient.Length);
        var isFinite = TryAdd(group, gradient, next);
        next.Return();
        return isFinite;
    }

    /// <summary>The same in a vector that is given: where g is finite that is the mean from now on, and not to be changed any more.</summary>
    /// <param name="next">May be the one of g, which is lost then, also where it is not finite. The caller returns it.</param>
    public bool TryAdd(int group, ReadOnlySpan<float> gradient, ParameterVector next)
    {
        ArgumentNullException.ThrowIfNull(next);
        var heard = groups.TryGetValue(group, out var known);

        // Where there is no mean yet it is not read.
        if (!RunningMean.TryAdd(heard ? known.Mean.Span : gradient, gradient, known.Count + 1, next.Span, threads: 1, out _)) return false;
        if (heard) known.Mean.Return();
        groups[group] = new Group(next.Share(), known.Count + 1);
        return true;
    }

    /// <summary>Ends this mean without a result.</summary>
    public void Drop()
    {
        foreach (var group in groups.Values) group.Mean.Return();
        groups.Clear();
    }

    /// <summary>h_b. Ends this mean: its vectors become the result or go back.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Nothing was added.</exception>
    public ParameterVector Close()
    {
        var means = groups.Values.Select(static group => group.Mean).ToList();
        var mean = means[0];
        for (var k = 1; k < means.Count; k++)
        {
            RunningMean.Add(mean.Span, means[k].Span, k + 1);
            means[k].Return();
        }

        groups.Clear();
        return mean;
    }

    private readonly record struct Group(ParameterVector Mean, int Count);
}
