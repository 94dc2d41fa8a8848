using Basgd.Learning.Data;

namespace Basgd.Learning.Tests;

/// <summary>Built-in workloads, made once: their data are shared by all tests.</summary>
internal static class Learners
{
    private static readonly IReadOnlyList<IWorkload> _workloads = Workloads.BuiltIn(new DataOptions());

    public static IWorkload Workload(string model, string dataset) =>
        _workloads.Single(workload => workload.Model == model && workload.Dataset == dataset);

    public static ValueTask<ILearner> CreateAsync(string model, string dataset, LearnerSettings settings) =>
        Workload(model, dataset).CreateLearnerAsync(settings, TestContext.Current.CancellationToken);

    public static float[] Initial(ILearner learner)
    {
        var parameters = new float[learner.Dimension];
        learner.Initialise(parameters);
        return parameters;
    }

    public static float[] Gradient(ILearner learner, float[] parameters, int worker, long sequence)
    {
        var gradient = new float[learner.Dimension];
        learner.Gradient(parameters, worker, sequence, gradient);
        return gradient;
    }

    /// <summary>Plain SGD, the workers taking turns.</summary>
    public static float[] Train(ILearner learner, int workers, int steps, float rate)
    {
        var parameters = Initial(learner);
        var gradient = new float[learner.Dimension];
        for (var t = 0; t < steps; t++)
        {
            learner.Gradient(parameters, t % workers, t / workers, gradient);
            for (var i = 0; i < parameters.Length; i++) parameters[i] -= rate * gradient[i];
        }
        return parameters;
    }

    /// <summary>The gradient at w is the slope of the loss, by central differences.</summary>
    public static void GradientShouldBeTheSlope(ILearner learner, float[] w)
    {
        var gradient = Gradient(learner, w, worker: 1, sequence: 4);
        var scratch = new float[w.Length];
        // Single precision leaves few digits of one coordinate's slope, so whole directions are measured.
        for (var seed = 1; seed <= 5; seed++)
        {
            var random = new Random(seed);
            var direction = gradient.Select(g => g + 0.1 * (random.NextDouble() - 0.5) / Math.Sqrt(gradient.Length)).ToArray();
            var norm = Math.Sqrt(direction.Sum(x => x * x));
            const double Step = 1e-2;
            double Loss(double along) =>
                learner.Gradient([.. w.Select((value, i) => (float)(value + along * direction[i] / norm))], 1, 4, scratch);
            var measured = (Loss(Step) - Loss(-Step)) / (2 * Step);
            var expected = gradient.Select((g, i) => g * direction[i] / norm).Sum();
            measured.ShouldBe(expected, 0.02 * Math.Abs(expected), $"direction of seed {seed}");
        }
    }
}
