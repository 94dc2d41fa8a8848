using Basgd.Aggregation.Kernels;

namespace Basgd.Aggregation;

/// <summary>
/// The point with the least sum of distances to the rows, by T steps of the smoothed Weiszfeld iteration from z = 0:
/// z ← Σ βᵢ xᵢ / Σ βᵢ with βᵢ = 1 / max(ν, ‖xᵢ − z‖). Two passes whatever T is, save where a step cannot be computed from the rows'
/// distances without cancellation, which costs a pass more. Stands ⌊(n−1)/2⌋ bad rows.
/// Pillutla, Kakade, Harchaoui: Robust aggregation for federated learning, IEEE TSP 2022.
/// </summary>
internal sealed class GeometricMedian(double nu, int steps) : WeightRule
{
    public static readonly RuleDefinition Definition = new(
        new RuleInfo(
            "geometric-median",
            "the point with the least sum of distances to the rows (smoothed Weiszfeld)",
            [new ParameterInfo("nu", 0.1, "distances below it count as it, > 0"), new ParameterInfo("T", 3, "steps, ≥ 1")],
            "⌊(n−1)/2⌋",
            "Pillutla et al., IEEE TSP 2022"),
        static arguments => new GeometricMedian(arguments.Positive("nu"), arguments.Integer("T", atLeast: 1)));

    public override void Weigh(Geometry geometry, Span<double> weights)
    {
        if (steps > 1) geometry.MeasureAll();
        Span<double> squared = new double[geometry.Count];
        for (var i = 0; i < squared.Length; i++) squared[i] = geometry.SquaredNorm(i);
        for (var step = 1; ; step++)
        {
            var total = 0.0;
            for (var i = 0; i < squared.Length; i++) total += weights[i] = 1 / Math.Max(nu, Math.Sqrt(squared[i]));
            for (var i = 0; i < squared.Length; i++) weights[i] /= total;
            if (step == steps) return;
            geometry.SquaredDistancesTo(weights, origin: 0, squared);
        }
    }
}
