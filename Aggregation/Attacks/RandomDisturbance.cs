using Basgd.Aggregation.Kernels;

namespace Basgd.Aggregation;

/// <summary>
/// g + N(0, ‖σ g‖² I): every coordinate gets noise as large as σ times the whole gradient's norm. Yang and Li: BASGD, ICML 2021
/// (σ = 0.2 for images, 0.1 for language).
/// </summary>
internal sealed class RandomDisturbance(double sigma) : IAttack
{
    public static readonly AttackDefinition<IAttack> Definition = new(
        new AttackInfo(
            "random-disturbance",
            "the gradient plus noise of standard deviation sigma·‖g‖ in every coordinate",
            [new ParameterInfo("sigma", 0.2, "noise over the gradient's norm, ≥ 0")],
            "Yang and Li, ICML 2021"),
        static arguments => new RandomDisturbance(arguments.NotNegative("sigma")));

    public void Apply(Span<float> gradient, Random random)
    {
        ArgumentNullException.ThrowIfNull(random);
        var deviation = sigma * VectorNorm.Of(gradient);
        var k = 0;
        for (; k + 1 < gradient.Length; k += 2)
        {
            var (first, second) = StandardNormal.Pair(random);
            gradient[k] += (float)(deviation * first);
            gradient[k + 1] += (float)(deviation * second);
        }

        if (k < gradient.Length) gradient[k] += (float)(deviation * StandardNormal.Pair(random).First);
    }
}
