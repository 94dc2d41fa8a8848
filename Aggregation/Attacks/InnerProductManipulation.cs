using System.Numerics;

namespace Basgd.Aggregation;

/// <summary>
/// −τ times the mean of the honest vectors, so that the aggregate's inner product with it may turn negative.
/// Xie, Koyejo, Gupta: Fall of empires, UAI 2019.
/// </summary>
internal sealed class InnerProductManipulation(double tau) : ICollusiveAttack
{
    private const string Name = "inner-product-manipulation";

    public static readonly AttackDefinition<ICollusiveAttack> Definition = new(
        new AttackInfo(Name, "−tau times the mean of the honest gradients", [new ParameterInfo("tau", 2, "the factor")], "Xie et al., UAI 2019", AttackSide.Collusion),
        static arguments => new InnerProductManipulation(arguments.Any("tau")));

    public void Forge<T>(ReadOnlySpan<ReadOnlyMemory<T>> honest, AttackTarget<T> target, Span<T> forged)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        HonestRows.Demand(Name, 1, honest, forged.Length);
        var mean = HonestRows.Mean(honest, forged.Length);
        for (var k = 0; k < forged.Length; k++) forged[k] = T.CreateChecked(-tau * mean[k]);
    }
}
