using System.Numerics;

namespace Basgd.Aggregation;

/// <summary>
/// The mean of the honest vectors plus τ of their standard deviations, coordinate by coordinate: too little to stand out.
/// Needs 2 honest vectors. Baruch, Baruch, Goldberg: A little is enough, NeurIPS 2019.
/// </summary>
internal sealed class ALittleIsEnough(double tau) : ICollusiveAttack
{
    private const string Name = "a-little-is-enough";

    public static readonly AttackDefinition<ICollusiveAttack> Definition = new(
        new AttackInfo(
            Name,
            "the mean of the honest gradients plus tau of their standard deviations",
            [new ParameterInfo("tau", 1.5, "standard deviations")],
            "Baruch et al., NeurIPS 2019",
            AttackSide.Collusion),
        static arguments => new ALittleIsEnough(arguments.Any("tau")));

    public void Forge<T>(ReadOnlySpan<ReadOnlyMemory<T>> honest, AttackTarget<T> target, Span<T> forged)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        HonestRows.Demand(Name, 2, honest, forged.Length);
        var mean = HonestRows.Mean(honest, forged.Length);
        var deviation = HonestRows.Deviation(honest, mean);
        for (var k = 0; k < forged.Length; k++) forged[k] = T.CreateChecked(mean[k] + (tau * deviation[k]));
    }
}
