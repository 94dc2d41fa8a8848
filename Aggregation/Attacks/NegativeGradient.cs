using System.Numerics;
using System.Runtime.InteropServices;

namespace Basgd.Aggregation;

/// <summary>−k g: uphill, k times as hard. Yang and Li: BASGD, ICML 2021.</summary>
internal sealed class NegativeGradient(float k) : IAttack
{
    public static readonly AttackDefinition<IAttack> Definition = new(
        new AttackInfo("negative-gradient", "−k times the gradient", [new ParameterInfo("k", 10, "the factor, ≥ 0")], "Yang and Li, ICML 2021"),
        static arguments => new NegativeGradient((float)arguments.NotNegative("k")));

    public void Apply(Span<float> gradient, Random random)
    {
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(gradient);
        for (var c = 0; c < vectors.Length; c++) vectors[c] *= -k;
        foreach (ref var value in gradient[(vectors.Length * Vector<float>.Count)..]) value *= -k;
    }
}
