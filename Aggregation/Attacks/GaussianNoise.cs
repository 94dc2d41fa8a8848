namespace Basgd.Aggregation;

/// <summary>Independent normal numbers in place of the gradient, N(μ, σ²). Blanchard, El Mhamdi, Guerraoui, Stainer: NeurIPS 2017.</summary>
internal sealed class GaussianNoise(double mu, double sigma) : IAttack
{
    public static readonly AttackDefinition<IAttack> Definition = new(
        new AttackInfo(
            "gaussian",
            "normal noise in place of the gradient",
            [new ParameterInfo("mu", 0, "its mean"), new ParameterInfo("sigma", 1, "its standard deviation, ≥ 0")],
            "Blanchard et al., NeurIPS 2017"),
        static arguments => new GaussianNoise(arguments.Any("mu"), arguments.NotNegative("sigma")));

    public void Apply(Span<float> gradient, Random random)
    {
        StandardNormal.Fill(gradient, random);
        foreach (ref var value in gradient) value = (float)From(value);
    }

    /// <summary>N(μ, σ²) from N(0, 1).</summary>
    public double From(double standard) => mu + (sigma * standard);
}
