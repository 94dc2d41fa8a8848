using Basgd.Aggregation.Kernels;

namespace Basgd.Protocol;

/// <summary>How the buffers of a step lie to their aggregate, to be measured while both are at hand.</summary>
/// <param name="buffers">B.</param>
/// <param name="threads">How many may measure at once, ≥ 1.</param>
public sealed class Spread(int buffers, int threads)
{
    private readonly double[] distances = new double[buffers];
    private readonly double[] norms = new double[buffers];

    /// <summary>‖h_b − G‖, by buffer.</summary>
    public IReadOnlyList<double> Distances => distances;

    /// <summary>‖h_b‖, by buffer.</summary>
    public IReadOnlyList<double> Norms => norms;

    /// <summary>‖G‖.</summary>
    public double Norm { get; private set; }

    /// <summary>d.</summary>
    public int Dimension { get; private set; }

    /// <param name="rows">h_1 … h_B.</param>
    /// <param name="aggregate">G.</param>
    public void Measure(ReadOnlySpan<ReadOnlyMemory<float>> rows, ReadOnlyMemory<float> aggregate)
    {
        CentreDistances.Measure(rows, aggregate, distances, threads, norms);
        Norm = VectorNorm.Of(aggregate.Span);
        Dimension = aggregate.Length;
    }
}
