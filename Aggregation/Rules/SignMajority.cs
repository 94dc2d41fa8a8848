using Basgd.Aggregation.Kernels;

namespace Basgd.Aggregation;

/// <summary>
/// sign(Σ sign(xᵢ)) in each coordinate: −1, 1, or 0 where as many are positive as negative. One pass. The result says a direction,
/// not how far: the learning rate is the length of the step in every coordinate. ⌊(n−1)/2⌋ bad rows cannot turn a coordinate on whose
/// sign the others agree. Bernstein, Zhao, Azizzadenesheli, Anandkumar: signSGD with majority vote, ICLR 2019.
/// </summary>
internal sealed class SignMajority : CoordinateRule
{
    public static readonly RuleDefinition Definition = new(
        new RuleInfo("sign-majority", "in each coordinate the sign that most values have: -1, 0 or 1", [], "⌊(n−1)/2⌋", "Bernstein et al., ICLR 2019"),
        static _ => new SignMajority());

    public override ColumnFormula Formula(int n) => new MajorityOfSigns(n);
}
