namespace Basgd.Aggregation;

/// <summary>An honest worker: the gradient as it is.</summary>
internal sealed class NoAttack : IAttack
{
    public static readonly AttackDefinition<IAttack> Definition = new(
        new AttackInfo("none", "the gradient as it is", [], "-"),
        static _ => new NoAttack());

    public void Apply(Span<float> gradient, Random random)
    {
    }
}
