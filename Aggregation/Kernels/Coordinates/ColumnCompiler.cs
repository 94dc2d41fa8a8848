using System.Reflection.Emit;

namespace Basgd.Aggregation.Kernels;

/// <summary>The compiled loop over the vectors of a range.</summary>
/// <param name="rows">Addresses of the rows.</param>
/// <param name="result">Address of the result.</param>
/// <param name="scratch">Address of a vector for each slot, for a program in several parts; unused for one in one part.</param>
/// <param name="first">Offset in bytes of the first vector.</param>
/// <param name="last">Offset of the last one, which may overlap the one before.</param>
/// <returns>Whether the guard was finite everywhere.</returns>
internal unsafe delegate bool ColumnLoop(nint* rows, nint result, nint scratch, nint first, nint last);

/// <summary>Makes methods of a <see cref="ColumnProgram"/>.</summary>
/// <param name="element">float or double.</param>
internal sealed class ColumnCompiler(ColumnProgram program, SimdWidth width, Type element)
{
    /// <summary>Of a few more the runtime compiles without optimising, five times slower: a longer program is made in parts.</summary>
    private const int MostOperations = 1400;

    private readonly ColumnSlots slots = new(program);
    private readonly VectorCalls calls = new(width, element);

    /// <summary>How many vectors of scratch there must be.</summary>
    public int Slots => slots.Count;

    /// <summary>The parts of the program, to be run one after the other; if there are several, on a single vector at a time.</summary>
    public ColumnLoop[] Compile()
    {
        var count = program.Operations.Count;
        var parts = (count + MostOperations - 1) / MostOperations;
        return [.. Enumerable.Range(0, parts).Select(part => Compile(part * count / parts, (part + 1) * count / parts))];
    }

    private ColumnLoop Compile(int from, int to)
    {
        var method = new DynamicMethod("Columns", typeof(bool), [typeof(nint*), typeof(nint), typeof(nint), typeof(nint), typeof(nint)], typeof(ColumnCompiler).Module, skipVisibility: true) { InitLocals = false };
        new ColumnMethod(method.GetILGenerator(), program, slots, calls, (int)width / 8).Write(from, to);
        return method.CreateDelegate<ColumnLoop>();
    }
}
