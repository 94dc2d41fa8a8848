namespace Basgd.Aggregation;

/// <summary>
/// −g. Li, Xu, Chen, Giannakis, Ling: RSA, AAAI 2019. (ByzFL flips the mean of the honest gradients: that is
/// <c>inner-product-manipulation(tau=1)</c>.)
/// </summary>
internal static class SignFlipping
{
    public static readonly AttackDefinition<IAttack> Definition = new(
        new AttackInfo("sign-flipping", "the gradient turned round", [], "Li et al., AAAI 2019"),
        static _ => new NegativeGradient(1));
}
