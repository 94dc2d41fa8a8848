using Basgd.Simulator;

namespace Basgd.Experiments.Running;

/// <summary>What is kept of a simulation: everything but the parameters.</summary>
/// <param name="Seed">The simulation's.</param>
/// <param name="Curve">Evaluations by time.</param>
/// <param name="Loyal">What became of the loyal workers' gradients.</param>
/// <param name="Byzantine">What became of the Byzantine workers' gradients.</param>
/// <param name="End">Why it ended.</param>
/// <param name="RealSeconds">How long it took to simulate.</param>
internal sealed record RunRecord(ulong Seed, IReadOnlyList<CurvePoint> Curve, Totals Totals, GradientCounts Loyal, GradientCounts Byzantine, SimulationEnd End, double RealSeconds)
{
    /// <summary>After each step; empty where the setup does not keep them.</summary>
    public IReadOnlyList<RoundBeliefs> Beliefs { get; init; } = [];

    public static RunRecord Of(ulong seed, SimulationResult result, IReadOnlyList<RoundBeliefs>? beliefs = null) =>
        new(seed, result.Curve, result.Totals, result.Loyal, result.Byzantine, result.End, result.Times.Total.TotalSeconds) { Beliefs = beliefs ?? [] };

    /// <summary>Virtual seconds until accuracy first reached a level, between evaluations by a straight line; +∞ where it did not.</summary>
    /// <param name="accuracy">0 … 1.</param>
    public double SecondsTo(double accuracy)
    {
        for (var i = 0; i < Curve.Count; i++)
        {
            if (Curve[i].Accuracy < accuracy) continue;
            if (i == 0) return Curve[0].At.Seconds;
            var (before, after) = (Curve[i - 1], Curve[i]);
            return before.At.Seconds + ((accuracy - before.Accuracy) / (after.Accuracy - before.Accuracy) * (after.At.Seconds - before.At.Seconds));
        }

        return double.PositiveInfinity;
    }
}
