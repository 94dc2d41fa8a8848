using Basgd.Aggregation.Kernels;

namespace Basgd.Aggregation;

/// <summary>
/// Each coordinate without its f smallest and f largest values, averaged. One pass. Needs n ≥ 2f + 1, stands f bad rows.
/// Yin, Chen, Ramchandran, Bartlett: Byzantine-robust distributed learning, ICML 2018.
/// </summary>
internal sealed class TrimmedMean(int f) : CoordinateRule
{
    public static readonly RuleDefinition Definition = new(
        new RuleInfo("trimmed-mean", "the mean of each coordinate without its f smallest and f largest values", [F], "f, n ≥ 2f + 1", "Yin et al., ICML 2018"),
        static arguments => new TrimmedMean(arguments.Integer("f", atLeast: 0)));

    public override void Demand(int n) => DemandMajority("trimmed-mean", f, n);

    public override ColumnFormula Formula(int n) => new MeanOfRanks(n, f, n - 1 - f);
}
