using Basgd.Aggregation.Kernels;

namespace Basgd.Aggregation;

/// <summary>
/// Mean around the median: in each coordinate the mean of the n − f values nearest to the median; of two that are as near the
/// smaller one. One pass. Needs n ≥ 2f + 1, stands f bad rows. Xie, Koyejo, Gupta: Generalized Byzantine-tolerant SGD, 2018.
/// </summary>
internal sealed class Meamed(int f) : CoordinateRule
{
    public static readonly RuleDefinition Definition = new(
        new RuleInfo("meamed", "the mean, in each coordinate, of the n − f values nearest to the median", [F], "f, n ≥ 2f + 1", "Xie et al., 2018"),
        static arguments => new Meamed(arguments.Integer("f", atLeast: 0)));

    public override void Demand(int n) => DemandMajority("meamed", f, n);

    public override ColumnFormula Formula(int n) => new MeanOfNearest(n, n - f);
}
