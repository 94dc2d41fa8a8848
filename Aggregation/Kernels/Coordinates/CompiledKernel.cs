using System.Numerics;

namespace Basgd.Aggregation.Kernels;

/// <summary>A program as machine code: values in registers, every row read straight from where it lies.</summary>
internal sealed unsafe class CompiledKernel<T> : ColumnKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ColumnLoop[] parts;
    private readonly int bytes;
    private readonly int slots;

    public CompiledKernel(ColumnProgram program, SimdWidth width)
    {
        var compiler = new ColumnCompiler(program, width, typeof(T));
        parts = compiler.Compile();
        slots = compiler.Slots;
        bytes = (int)width / 8;
        WaitsForRows = program.Operations.Count >= ColumnMethod.LeastOperationsToPrefetch;
    }

    public override bool WaitsForRows { get; }

    public override int Lanes => bytes / sizeof(T);

    public override bool Run(nint* rows, T* result, nint start, nint count)
    {
        var first = start * sizeof(T);
        var last = (start + count - Lanes) * sizeof(T);
        if (parts.Length == 1) return parts[0](rows, (nint)result, 0, first, last);

        // Vector by vector: what one part leaves to the next is in the scratch.
        var scratch = stackalloc byte[slots * bytes];
        var finite = true;
        for (var offset = first; ; offset = nint.Min(offset + bytes, last))
        {
            foreach (var part in parts) finite &= part(rows, (nint)result, (nint)scratch, offset, offset);
            if (offset == last) return finite;
        }
    }
}
