using System.Globalization;
using Basgd.Learning;

namespace Basgd.Benchmarks.Memory;

/// <summary>A gradient that takes no time, so that the server silo has as much to do as it can.</summary>
/// <param name="dimension">d.</param>
internal sealed class InstantWorkload(int dimension) : IWorkload, ILearner
{
    /// <summary>One for counting gradients, two for weighing them.</summary>
    public const int Small = 1_000;
    public const int Middle = 1_000_000;
    public const int Large = 5_000_000;

    public static readonly InstantWorkload[] All = [new(Small), new(Middle), new(Large)];

    public string Model => "instant";

    public string Dataset => dimension.ToString(CultureInfo.InvariantCulture);

    public int Dimension => dimension;

    public ValueTask<WorkloadDescription> DescribeAsync(CancellationToken cancellation = default) =>
        new(new WorkloadDescription(dimension, 1_000, [new ParameterShape("w", [dimension])]));

    public ValueTask<ILearner> CreateLearnerAsync(LearnerSettings settings, CancellationToken cancellation = default) => new(this);

    public void Initialise(Span<float> parameters) => parameters.Clear();

    public double Gradient(ReadOnlySpan<float> parameters, int worker, long sequence, Span<float> gradient)
    {
        gradient.Fill(worker * 1e-6f);
        return 0;
    }

    public Evaluation Evaluate(ReadOnlySpan<float> parameters) => new(0, 0, 1);

    public void Dispose()
    {
    }
}
