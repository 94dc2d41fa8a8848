using Basgd.Aggregation.Kernels;

namespace Basgd.Aggregation;

/// <summary>
/// The median of each coordinate; of an even number of values the mean of the middle two. One pass.
/// Stands ⌊(n−1)/2⌋ bad rows. Yin, Chen, Ramchandran, Bartlett: Byzantine-robust distributed learning, ICML 2018.
/// </summary>
internal sealed class Median : CoordinateRule
{
    public static readonly RuleDefinition Definition = new(
        new RuleInfo("median", "the median of each coordinate", [], "⌊(n−1)/2⌋", "Yin et al., ICML 2018"),
        static _ => new Median());

    public override ColumnFormula Formula(int n) => MeanOfRanks.Median(n);
}
