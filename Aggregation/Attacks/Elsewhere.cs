namespace Basgd.Aggregation;

/// <summary>Attacks that leave the gradient as it is: the worker asks where they take place and does the rest.</summary>
internal sealed class Elsewhere(AttackSide side) : IAttack
{
    /// <summary>Allen-Zhu, Ebrahimianghazani, Li, Alistarh: Byzantine-resilient non-convex stochastic gradient descent, ICLR 2021.</summary>
    public static readonly AttackDefinition<IAttack> LabelFlipping = new(
        new AttackInfo("label-flipping", "an honest gradient of wrong labels: y becomes classes − 1 − y", [], "Allen-Zhu et al., ICLR 2021", AttackSide.Data),
        static _ => new Elsewhere(AttackSide.Data));

    public static readonly AttackDefinition<IAttack> Silent = new(
        new AttackInfo("silent", "nothing is sent", [], "-", AttackSide.Silence),
        static _ => new Elsewhere(AttackSide.Silence));

    public AttackSide Side => side;

    public void Apply(Span<float> gradient, Random random)
    {
    }
}
