namespace Basgd.Learning.Data;

/// <summary>Labelled examples in memory. Shared by every learner of a silo: immutable.</summary>
public interface IExamples
{
    /// <summary>The label of each example, 0 … classes−1; as many as there are examples.</summary>
    ReadOnlySpan<byte> Labels { get; }

    /// <summary>Writes chosen examples one after the other, as the model wants them (normalised, channels first).</summary>
    /// <param name="indices">Which examples; each 0 … count−1.</param>
    /// <param name="inputs">Filled; its length is the number of indices times the size of an example.</param>
    void Write(ReadOnlySpan<int> indices, Span<float> inputs);
}
