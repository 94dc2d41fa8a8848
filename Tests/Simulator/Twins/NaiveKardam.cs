namespace Basgd.Simulator.Tests.Twins;

/// <summary>Kardam's filters word by word, on lists that are kept whole.</summary>
internal sealed class NaiveKardam(float[] start, int workers, int gamma, float learningRate)
{
    private readonly List<int> accepted = [];
    private readonly Dictionary<int, double> newest = [];
    private readonly Dictionary<int, double> measured = [];
    private readonly Dictionary<int, (float[] Gradient, float[] At)> before = [];
    private float[] w = start;
    private int refusals;

    public int ByFrequency { get; private set; }

    public int ByLipschitz { get; private set; }

    public (float[] W, bool Stepped) Receive(int worker, float[] gradient, int staleness, float[] at)
    {
        var coefficient = Coefficient(worker, gradient, at);
        if (!PassesFrequency(worker))
        {
            ByFrequency++;
            return (w, false);
        }

        if (!PassesLipschitz(worker, coefficient))
        {
            ByLipschitz++;
            return (w, false);
        }

        accepted.Add(worker);
        var dampening = 1.0 / (1 + staleness);
        w = [.. w.Zip(gradient, (x, g) => x - (learningRate * (float)(g * dampening)))];
        return (w, true);
    }

    private double? Coefficient(int worker, float[] gradient, float[] at)
    {
        var known = before.TryGetValue(worker, out var last);
        before[worker] = (gradient, at);
        if (!known) return null;
        var moved = Distance(at, last.At);
        if (moved > 0) measured[worker] = Distance(gradient, last.Gradient) / moved;
        return measured.TryGetValue(worker, out var k) ? k : null;
    }

    /// <summary>Every choice of γ workers: at most γ of the last 2γ + 1 are theirs.</summary>
    private bool PassesFrequency(int worker)
    {
        var last = accepted.TakeLast(2 * gamma).Append(worker).ToList();
        return Choices(gamma, 0).All(choice => last.Count(choice.Contains) <= gamma);
    }

    private IEnumerable<List<int>> Choices(int size, int from)
    {
        if (size == 0) return [[]];
        return Enumerable.Range(from, workers - from).SelectMany(first => Choices(size - 1, first + 1).Select(rest => (List<int>)[first, .. rest]));
    }

    private bool PassesLipschitz(int worker, double? coefficient)
    {
        if (coefficient is not { } k) return true;
        newest[worker] = k;
        var sorted = newest.Values.Order().ToList();
        var quantile = sorted[(int)Math.Ceiling(sorted.Count * ((double)(workers - gamma) / workers)) - 1];
        if (k > quantile && refusals < workers)
        {
            refusals++;
            return false;
        }

        refusals = 0;
        return true;
    }

    private static double Distance(float[] left, float[] right) => Math.Sqrt(left.Zip(right, static (x, y) => ((double)x - y) * ((double)x - y)).Sum());
}
