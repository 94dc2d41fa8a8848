using Basgd.Learning;

namespace Basgd.Simulator.Tests;

/// <summary>½‖w‖² from w = (1, …, 1), by gradients with normal noise that depends on seed, worker and sequence.</summary>
internal sealed class Quadratic(int dimension, double noise = 0, ulong seed = 1) : ILearner
{
    public int Dimension => dimension;

    /// <summary>Gradients that were asked for.</summary>
    public List<(int Worker, long Sequence, float[] At)> Asked { get; } = [];

    public bool Remembers { get; init; }

    public void Initialise(Span<float> parameters) => parameters.Fill(1);

    public double Gradient(ReadOnlySpan<float> parameters, int worker, long sequence, Span<float> gradient)
    {
        if (Remembers) Asked.Add((worker, sequence, parameters.ToArray()));
        var random = noise > 0 ? new Random(Seeds.Derive(seed, worker, sequence, 1)) : null;
        for (var i = 0; i < gradient.Length; i++) gradient[i] = parameters[i] + (random is null ? 0 : (float)(noise * Normal(random)));
        return Evaluate(parameters).Loss;
    }

    public Evaluation Evaluate(ReadOnlySpan<float> parameters)
    {
        var sum = 0.0;
        foreach (var w in parameters) sum += (double)w * w;
        return new Evaluation(sum / 2, 1 / (1 + sum), 1);
    }

    public void Dispose()
    {
    }

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(Math.Tau * random.NextDouble());
}
