using Basgd.Aggregation.Memory;

namespace Basgd.Contracts;

/// <summary>A buffer writer that takes a vector itself in place of its bytes: what is written next follows it.</summary>
public interface IVectorOutput
{
    /// <summary>Floats [offset, offset + length). The output takes a reference of its own.</summary>
    void Append(ParameterVector vector, int offset, int length);
}
