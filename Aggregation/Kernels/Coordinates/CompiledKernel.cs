using System.Numerics;

namespace Basgd.Aggregation.Kernels;

/// <summary>A program as machine code: every value in a register, every row read straight from where it lies.</summary>
internal sealed unsafe class CompiledKernel<T>(ColumnProgram program, SimdWidth width) : ColumnKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Beyond this the runtime compiles without optimising, or spills more than it computes.</summary>
    public const int MostOperations = 2000;

    private readonly ColumnLoop loop = new ColumnCompiler(program, width, typeof(T)).Compile();

    public override int Lanes { get; } = (int)width / 8 / sizeof(T);

    public override bool Run(nint* rows, T* result, nint start, nint count) =>
        loop(rows, (nint)result, start * sizeof(T), (start + count - Lanes) * sizeof(T));
}
