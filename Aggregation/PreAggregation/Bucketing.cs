using Basgd.Aggregation.Kernels;

namespace Basgd.Aggregation;

/// <summary>
/// The rows, shuffled, become the means of s at a time: ⌈n/s⌉ rows, of which the last may be of fewer. f bad rows spoil up to f of
/// them. The order is a function of the seed and the round, so each step has its own. No pass: the mixing is part of the rule's.
/// Karimireddy, He, Jaggi: Byzantine-robust learning on heterogeneous datasets via bucketing, ICLR 2022.
/// </summary>
internal sealed class Bucketing(int size, int seed) : PreAggregation
{
    public static readonly RuleDefinition Definition = new(
        new RuleInfo(
            "bucketing",
            "the means of s rows at a time, shuffled anew for each step",
            [new ParameterInfo("s", 2, "rows in a bucket, ≥ 1"), new ParameterInfo("seed", 0, "of the order, a whole number ≥ 0")],
            "as the rule after it, which sees ⌈n/s⌉ rows",
            "Karimireddy et al., ICLR 2022"),
        static arguments => new Bucketing(arguments.Integer("s", atLeast: 1), arguments.Integer("seed", atLeast: 0)));

    public override int Count(int n) => (int)(((long)n + size - 1) / size);

    public override double[][] Mix(Geometry geometry, long round) => Mix(Order(geometry.Count, round), size);

    /// <summary>The matrix for rows taken in an order.</summary>
    public static double[][] Mix(ReadOnlySpan<int> order, int size)
    {
        var n = order.Length;
        var matrix = new double[(n + size - 1) / size][];
        for (var b = 0; b < matrix.Length; b++)
        {
            matrix[b] = new double[n];
            var bucket = order[(b * size)..Math.Min((b + 1) * size, n)];
            foreach (var i in bucket) matrix[b][i] = 1.0 / bucket.Length;
        }

        return matrix;
    }

    private int[] Order(int n, long round)
    {
        int[] order = [.. Enumerable.Range(0, n)];
        new Random(HashOfRound(round)).Shuffle(order);
        return order;
    }

    /// <summary>SplitMix64's finalizer (Steele, Lea and Flood 2014): neighbouring rounds have nothing in common.</summary>
    private int HashOfRound(long round)
    {
        var z = unchecked(((ulong)seed * 0x9E3779B97F4A7C15) + (ulong)round + 0x9E3779B97F4A7C15);
        z = unchecked((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9);
        z = unchecked((z ^ (z >> 27)) * 0x94D049BB133111EB);
        return (int)((z ^ (z >> 31)) & int.MaxValue);
    }
}
