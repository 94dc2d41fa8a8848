using Basgd.Aggregation.Kernels;

namespace Basgd.Aggregation;

/// <summary>
/// Adaptive robust clipping: the k = ⌊2f(n − f)/n⌋ longest rows are shortened to the length of the next longest. Needs n ≥ 2f + 1.
/// Allouah, Guerraoui, Gupta, Jellouli, Rizk, Stephan: Adaptive gradient clipping for robust federated learning, ICLR 2025.
/// </summary>
internal sealed class AdaptiveClipping(int f) : PreAggregation
{
    public static readonly RuleDefinition Definition = new(
        new RuleInfo("arc", "the ⌊2f(n − f)/n⌋ longest rows are shortened to the next longest", [F], "f, n ≥ 2f + 1", "Allouah et al., ICLR 2025"),
        static arguments => new AdaptiveClipping(arguments.Integer("f", atLeast: 0)));

    public override void Demand(int n) => DemandMajority("arc", f, n);

    public override double[][] Mix(Geometry geometry, long round)
    {
        var n = geometry.Count;
        var norms = new double[n];
        for (var i = 0; i < n; i++) norms[i] = Math.Sqrt(geometry.SquaredNorm(i));
        Array.Sort(norms);
        return Clipping.Shorten(geometry, norms[n - Clipped(n, f) - 1]);
    }

    /// <summary>k, how many rows are shortened.</summary>
    public static int Clipped(int n, int f) => (int)(2L * f * (n - f) / n);
}
