namespace Basgd.Benchmarks.Memory;

/// <summary>Resident memory of a server silo while a job runs on it.</summary>
/// <param name="Dimension">d.</param>
/// <param name="Buffers">B.</param>
/// <param name="Idle">Bytes before the job.</param>
/// <param name="Samples">As the job goes on, after it has warmed up.</param>
/// <param name="Peak">Most bytes that the process ever had.</param>
internal sealed record MemoryResult(int Dimension, int Buffers, long Idle, IReadOnlyList<MemoryResult.Sample> Samples, long Peak)
{
    /// <summary>(2B + 4) · 4d.</summary>
    public long Allowed => ((2L * Buffers) + 4) * sizeof(float) * Dimension;

    /// <summary>What the job took at its peak.</summary>
    public long Taken => Peak - Idle;

    /// <summary>Median of the first tenth of the samples.</summary>
    public long First => Median(Samples.Take(Tenth));

    /// <summary>Median of the last tenth of the samples.</summary>
    public long Last => Median(Samples.TakeLast(Tenth));

    public long Gradients => Samples[^1].Gradients - Samples[0].Gradients;

    private int Tenth => Math.Max(1, Samples.Count / 10);

    private static long Median(IEnumerable<Sample> samples) => samples.Select(static sample => sample.Bytes).Median();

    /// <param name="Gradients">That went into steps so far.</param>
    internal readonly record struct Sample(long Gradients, long Bytes);
}
