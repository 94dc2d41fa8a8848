using System.Collections.Concurrent;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Basgd.Aggregation.Kernels;

/// <summary>A <see cref="ColumnFormula"/> ready to be run over rows in memory.</summary>
internal abstract class ColumnKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly ConcurrentDictionary<(ColumnFormula Formula, SimdWidth Width), ColumnKernel<T>> Known = new();

    /// <summary>Number of rows n.</summary>
    public required int Rows { get; init; }

    /// <summary>How many columns are computed at once.</summary>
    public abstract int Lanes { get; }

    /// <summary>Whether it computes for so long that the processor does not fetch the columns to come by itself.</summary>
    public virtual bool WaitsForRows => false;

    /// <summary>Compiled where the runtime can, else interpreted.</summary>
    public static ColumnKernel<T> For(ColumnFormula formula, SimdWidth width) => Known.GetOrAdd((formula, width), static key =>
    {
        var program = new ColumnProgram(key.Formula.Rows);
        key.Formula.Write(program);
        return RuntimeFeature.IsDynamicCodeSupported
            ? new CompiledKernel<T>(program, key.Width) { Rows = program.Rows }
            : new InterpretedKernel<T>(program) { Rows = program.Rows };
    });

    /// <summary>Computes the columns of a range.</summary>
    /// <param name="rows">n addresses, of each row's column 0.</param>
    /// <param name="result">Address of the result's column 0.</param>
    /// <param name="start">First column.</param>
    /// <param name="count">Columns; at least <see cref="Lanes"/>, and then of any number.</param>
    /// <returns>False when a value is not finite, or a sum of finite ones overflowed: then the result means nothing.</returns>
    public abstract unsafe bool Run(nint* rows, T* result, nint start, nint count);
}
