using System.Numerics;

namespace Basgd.Aggregation;

/// <summary>
/// The vector of one honest worker, again: it weighs as much as all who mimic it, and none of them can be told from it.
/// Karimireddy, He, Jaggi: Byzantine-robust learning on heterogeneous datasets via bucketing, ICLR 2022.
/// </summary>
internal sealed class Mimic(int epsilon) : ICollusiveAttack
{
    private const string Name = "mimic";

    public static readonly AttackDefinition<ICollusiveAttack> Definition = new(
        new AttackInfo(
            Name,
            "what one honest worker sends",
            [new ParameterInfo("epsilon", 0, "which one, from 0")],
            "Karimireddy et al., ICLR 2022",
            AttackSide.Collusion),
        static arguments => new Mimic(arguments.Integer("epsilon", atLeast: 0)));

    public void Forge<T>(ReadOnlySpan<ReadOnlyMemory<T>> honest, AttackTarget<T> target, Span<T> forged)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        HonestRows.Demand($"{Name}(epsilon={epsilon})", epsilon + 1, honest, forged.Length);
        honest[epsilon].Span.CopyTo(forged);
    }
}
