using Basgd.Aggregation.Kernels;

namespace Basgd.Aggregation;

/// <summary>
/// A rule's mathematics, without the passes over memory: the d numbers of a row are many, the rows are few, so a rule is either
/// a <see cref="CoordinateRule"/> or a <see cref="WeightRule"/>, or a <see cref="PreAggregation"/> in front of one, and the passes are
/// written once, in the aggregators.
/// </summary>
internal abstract class Rule
{
    public static readonly ParameterInfo F = new("f", null, "bad rows to withstand, ≥ 0; default: what the job assumes");

    /// <exception cref="ArgumentException">n rows are too few for the parameters; the message gives the bound.</exception>
    public virtual void Demand(int n)
    {
    }

    public static ArgumentException TooFew(string rule, string bound, long needed, int f, int n) =>
        new($"{rule}: n = {n} rows with f = {f}: must be n ≥ {bound} = {needed}.");

    /// <exception cref="ArgumentException">n &lt; 2f + 1.</exception>
    protected static void DemandMajority(string rule, int f, int n)
    {
        if (n <= 2L * f) throw TooFew(rule, "2f + 1", (2L * f) + 1, f, n);
    }
}

/// <summary>Per coordinate: one pass. Each coordinate of the result depends on that coordinate of the rows alone.</summary>
internal abstract class CoordinateRule : Rule
{
    /// <summary>Chooses among the rows before their coordinates are looked at; null where all are taken.</summary>
    public virtual PreAggregation? Selection => null;

    /// <summary>What a column of n values is reduced to.</summary>
    public abstract ColumnFormula Formula(int n);
}

/// <summary>Weights from distances: the result is Σ wᵢ xᵢ. At most one pass for the distances and one for the sum.</summary>
internal abstract class WeightRule : Rule
{
    /// <param name="geometry">Norms and distances of the rows; asking for none costs no pass.</param>
    /// <param name="weights">To fill; length n; zero at the start.</param>
    public abstract void Weigh(Geometry geometry, Span<double> weights);
}

/// <param name="Build">Reads and checks the parameters.</param>
internal sealed record RuleDefinition(RuleInfo Info, Func<Arguments, Rule> Build);
