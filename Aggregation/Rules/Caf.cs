using Basgd.Aggregation.Kernels;

namespace Basgd.Aggregation;

/// <summary>
/// Covariance-bound agnostic filter. All rows begin with weight cᵢ = 1. As long as Σ cᵢ > n − 2f: μ = Σ cᵢ xᵢ / Σ cᵢ, v the
/// eigenvector of the largest eigenvalue λ of the covariance Σ cᵢ (xᵢ − μ)(xᵢ − μ)ᵀ / Σ cᵢ, τᵢ = ⟨xᵢ − μ, v⟩², and
/// cᵢ ← cᵢ (1 − τᵢ / max τ). The result is the μ of the smallest λ. The maximum is over rows that still have weight, so that each
/// step takes all of it from one and there are at most 2f steps; eigenvalues are exact. (ByzFL takes one power step from a random
/// vector and the maximum over all rows, and may not end.) One pass for the distances, one for the sum.
/// Needs n ≥ 2f + 1, stands f bad rows.
/// Allouah, Guerraoui, Stephan: Towards trustworthy federated learning with untrusted participants, ICML 2025.
/// </summary>
internal sealed class Caf(int f) : WeightRule
{
    public static readonly RuleDefinition Definition = new(
        new RuleInfo("caf", "the mean after filtering along the covariance's largest eigenvector", [F], "f, n ≥ 2f + 1", "Allouah et al., ICML 2025"),
        static arguments => new Caf(arguments.Integer("f", atLeast: 0)));

    public override void Demand(int n) => DemandMajority("caf", f, n);

    public override void Weigh(Geometry geometry, Span<double> weights)
    {
        var n = geometry.Count;
        if (f == 0)
        {
            weights.Fill(1.0 / n);
            return;
        }

        int[] members = [.. Enumerable.Range(0, n)];
        var kept = new double[n];
        Array.Fill(kept, 1.0);
        var least = double.PositiveInfinity;
        for (double total = n; total > n - (2 * f); total = kept.Sum())
        {
            double[] shares = [.. kept.Select(weight => weight / total)];
            var projections = new double[members.Length];
            var largest = new Covariance(geometry, members, shares).Largest(projections);
            if (largest < least)
            {
                least = largest;
                weights.Clear();
                for (var i = 0; i < members.Length; i++) weights[members[i]] = shares[i];
            }

            var farthest = projections.Max();
            if (farthest == 0) return;
            for (var i = 0; i < kept.Length; i++) kept[i] *= 1 - (projections[i] / farthest);
            members = [.. members.Where((_, i) => kept[i] > 0)];
            kept = [.. kept.Where(static weight => weight > 0)];
        }
    }
}
