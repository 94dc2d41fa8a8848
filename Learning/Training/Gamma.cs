namespace Basgd.Learning.Training;

/// <summary>Draws from the gamma distribution, on a logarithmic scale because small shapes underflow.</summary>
internal static class Gamma
{
    /// <summary>A point of the symmetric Dirichlet distribution: independent gamma draws, divided by their sum.</summary>
    public static double[] Dirichlet(int count, double alpha, Random random)
    {
        var draws = new double[count];
        for (var i = 0; i < count; i++) draws[i] = LogGamma(alpha, random);
        var largest = draws.Max();
        for (var i = 0; i < count; i++) draws[i] = Math.Exp(draws[i] - largest);
        var sum = draws.Sum();
        for (var i = 0; i < count; i++) draws[i] /= sum;
        return draws;
    }

    /// <summary>Logarithm of a Gamma(shape, 1) draw: Marsaglia and Tsang (2000), with their boost Γ(a) = Γ(a+1)·U^(1/a) below 1.</summary>
    private static double LogGamma(double shape, Random random)
    {
        if (shape < 1) return LogGamma(shape + 1, random) + Math.Log(1 - random.NextDouble()) / shape;
        var d = shape - 1.0 / 3;
        var c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            var x = Normal(random);
            var v = 1 + c * x;
            if (v <= 0) continue;
            v = v * v * v;
            if (Math.Log(1 - random.NextDouble()) < 0.5 * x * x + d * (1 - v + Math.Log(v))) return Math.Log(d * v);
        }
    }

    /// <summary>A standard normal draw (Box and Muller).</summary>
    internal static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
