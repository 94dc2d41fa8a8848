using Basgd.Aggregation.Kernels;

namespace Basgd.Aggregation;

/// <summary>
/// From v = 0, L times: v ← v + (1/n) Σ (xᵢ − v) min(1, τ / ‖xᵢ − v‖). Two passes whatever L is, save where a step cannot be computed
/// from the rows' distances without cancellation. No row pulls by more than τ/n a step. Every call starts from 0; ByzFL keeps v
/// between calls, so that k calls of L steps on the same rows are one of k·L here.
/// Karimireddy, He, Jaggi: Learning from history for Byzantine robust optimization, ICML 2021.
/// </summary>
internal sealed class CenteredClipping(int steps, double tau) : WeightRule
{
    public static readonly RuleDefinition Definition = new(
        new RuleInfo(
            "centered-clipping",
            "steps towards the mean, each row's pull clipped",
            [new ParameterInfo("L", 1, "steps, ≥ 1"), new ParameterInfo("tau", 100, "the longest pull, > 0")],
            "any share below a constant, bias grows with tau",
            "Karimireddy et al., ICML 2021"),
        static arguments => new CenteredClipping(arguments.Integer("L", atLeast: 1), arguments.Positive("tau")));

    public override void Weigh(Geometry geometry, Span<double> weights)
    {
        if (steps > 1) geometry.MeasureAll();
        var n = geometry.Count;
        Span<double> squared = new double[n];
        Span<double> pulls = new double[n];
        for (var i = 0; i < n; i++) squared[i] = geometry.SquaredNorm(i);
        var origin = 1.0;
        for (var step = 1; ; step++)
        {
            var total = 0.0;
            for (var i = 0; i < n; i++) total += pulls[i] = Math.Min(1, tau / Math.Sqrt(squared[i]));

            // Exactly 0 where nothing is clipped: the origin must not keep a rounding error's worth of weight.
            var stays = 1 - (total / n);
            for (var i = 0; i < n; i++) weights[i] = (weights[i] * stays) + (pulls[i] / n);
            origin *= stays;
            if (step == steps) return;
            geometry.SquaredDistancesTo(weights, origin, squared);
        }
    }
}
