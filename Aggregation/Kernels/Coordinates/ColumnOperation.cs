namespace Basgd.Aggregation.Kernels;

/// <summary>What can be done to the values of a column.</summary>
internal enum ColumnCode
{
    /// <summary>The value of row A.</summary>
    Load,

    Min,
    Max,

    /// <summary>
    /// Of A and B the one that C, their minimum, is not. A ⊕ B ⊕ C, bit by bit, is that too; where the processor has it as one
    /// instruction it runs beside the minima, for which a maximum would have to wait.
    /// </summary>
    Other,

    Add,
    Subtract,

    /// <summary>-1, 0 or 1.</summary>
    Sign,

    /// <summary>A / <see cref="ColumnOperation.Divisor"/>.</summary>
    DivideBy,

    /// <summary>Of A and B the one nearer to C, for A ≤ B; A where both are as near.</summary>
    Nearer,
}

/// <param name="A">The first operand: the number of the operation that makes it, or of the row to load.</param>
internal readonly record struct ColumnOperation(ColumnCode Code, int A, int B = ColumnOperation.None, int C = ColumnOperation.None, double Divisor = 1)
{
    public const int None = -1;

    /// <summary>The operations whose values are used, each once.</summary>
    public int[] Operands => Code == ColumnCode.Load ? [] : [.. new[] { A, B, C }.Where(static operand => operand != None).Distinct()];
}
