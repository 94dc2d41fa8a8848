using Basgd.Aggregation.Memory;

namespace Basgd.Simulator;

/// <summary>
/// Kardam's frequency filter (Damaskinos et al., ICML 2018, 3): of any 2γ + 1 gradients that are accepted in a row at least γ + 1 must
/// come from honest workers, whoever the γ Byzantine ones are. So the γ workers that have most of them may have at most γ together.
/// </summary>
/// <param name="gamma">γ ≥ 0; 0 lets everything pass.</param>
internal sealed class FrequencyFilter(int gamma)
{
    private readonly Queue<int> accepted = [];

    /// <summary>Whether the worker's gradient may follow those that were accepted last.</summary>
    public bool Passes(int worker)
    {
        if (gamma == 0) return true;
        var most = accepted.Append(worker).CountBy(static accepted => accepted).Select(static entry => entry.Value).OrderDescending().Take(gamma);
        return most.Sum() <= gamma;
    }

    /// <summary>The worker's gradient was accepted.</summary>
    public void Note(int worker)
    {
        accepted.Enqueue(worker);
        if (accepted.Count > 2 * gamma) accepted.Dequeue();
    }
}

/// <summary>
/// Kardam's Lipschitz filter (Damaskinos et al., ICML 2018, 3): worker p's gradient passes if its empirical Lipschitz coefficient
/// K_p is at most the (m − γ)/m quantile of all workers' newest ones, p's among them; the j-th smallest of n with j = ⌈n(m − γ)/m⌉.
/// Workers that have none yet pass, and are left out. As in the author's code, after m refusals in a row one passes, so that training
/// cannot stop.
/// </summary>
internal sealed class LipschitzFilter
{
    private readonly double[] newest;
    private readonly double share;
    private int refusals;

    public LipschitzFilter(int workers, int gamma)
    {
        newest = new double[workers];
        Array.Fill(newest, double.NaN);
        share = (double)(workers - gamma) / workers;
    }

    /// <param name="coefficient">K_p; null where the worker has none yet.</param>
    public bool Passes(int worker, double? coefficient)
    {
        if (coefficient is not { } k) return true;
        newest[worker] = k;
        var passes = IsAtMostTheQuantile(k) || refusals >= newest.Length;
        refusals = passes ? 0 : refusals + 1;
        return passes;
    }

    /// <summary>k is at most the j-th smallest where fewer than j are below it.</summary>
    private bool IsAtMostTheQuantile(double k)
    {
        int known = 0, below = 0;
        foreach (var other in newest)
        {
            if (double.IsNaN(other)) continue;
            known++;
            if (other < k) below++;
        }

        return below < Math.Ceiling(known * share);
    }
}

/// <summary>
/// K_p = ‖g − g′‖/‖w − w′‖, g and g′ the worker's newest two gradients, w and w′ the models that they were taken at; as it was before
/// where those are the same.
/// </summary>
internal sealed class LipschitzCoefficients : IDisposable
{
    private readonly Dictionary<int, Known> known = [];

    /// <summary>The worker's newest coefficient; null before it has two gradients at different models.</summary>
    public double? Of(int worker) => known.TryGetValue(worker, out var found) ? found.Coefficient : null;

    /// <summary>A worker's next gradient, and the model that it was taken at.</summary>
    public void Note(int worker, ReadOnlySpan<float> gradient, ParameterVector at)
    {
        var next = ParameterVector.CopyOf(gradient);
        if (!known.TryGetValue(worker, out var before))
        {
            known[worker] = new Known(next, at.Share(), null);
            return;
        }

        var moved = Distance(at.Span, before.At.Span);
        var coefficient = moved > 0 ? Distance(gradient, before.Gradient.Span) / moved : before.Coefficient;
        before.Return();
        known[worker] = new Known(next, at.Share(), coefficient);
    }

    public void Dispose()
    {
        foreach (var entry in known.Values) entry.Return();
        known.Clear();
    }

    private static double Distance(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
    {
        var squared = 0.0;
        for (var i = 0; i < left.Length; i++)
        {
            var difference = (double)left[i] - right[i];
            squared += difference * difference;
        }

        return Math.Sqrt(squared);
    }

    private sealed record Known(ParameterVector Gradient, ParameterVector At, double? Coefficient)
    {
        public void Return()
        {
            Gradient.Return();
            At.Return();
        }
    }
}
