namespace Basgd.Aggregation;

/// <summary>Values that are no numbers in place of the gradient. A buffer refuses them; a rule without that check would be lost.</summary>
internal sealed class NotFinite(float value) : IAttack
{
    public static readonly AttackDefinition<IAttack> Infinity = new(
        new AttackInfo("infinity", "infinity in place of every value", [], "-"),
        static _ => new NotFinite(float.PositiveInfinity));

    public static readonly AttackDefinition<IAttack> NaN = new(
        new AttackInfo("nan", "NaN in place of every value", [], "-"),
        static _ => new NotFinite(float.NaN));

    public void Apply(Span<float> gradient, Random random) => gradient.Fill(value);
}
