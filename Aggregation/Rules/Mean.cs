using Basgd.Aggregation.Kernels;

namespace Basgd.Aggregation;

/// <summary>(1/n) Σ xᵢ. One pass. A single bad row moves it anywhere: the baseline, and with one buffer plain asynchronous SGD.</summary>
internal sealed class Mean : WeightRule
{
    public static readonly RuleDefinition Definition = new(
        new RuleInfo("mean", "the arithmetic mean: not robust, the baseline", [], "0", "-"),
        static _ => new Mean());

    public override void Weigh(Geometry geometry, Span<double> weights) => weights.Fill(1.0 / weights.Length);
}
