namespace Basgd.Aggregation.Kernels;

/// <summary>
/// What a coordinate-wise rule does to the n values of a column, as a straight line of operations without a branch. It is written
/// once by the rule's <see cref="ColumnFormula"/>, then compiled or interpreted for many columns at a time. While it is written
/// values 0 … n−1 are the rows' and every operation makes the next one.
/// </summary>
internal sealed class ColumnProgram(int rows)
{
    private readonly List<ColumnOperation> written = [];
    private readonly List<ColumnOperation> operations = [];

    /// <summary>Number of rows n.</summary>
    public int Rows => rows;

    /// <summary>Each computes one value; operands are the numbers of earlier ones. Complete after <see cref="Finish"/>.</summary>
    public IReadOnlyList<ColumnOperation> Operations => operations;

    /// <summary>The operation that is the column's result.</summary>
    public int Result { get; private set; }

    /// <summary>
    /// The operation whose value is finite only where every row's is, and where nothing on the way to the result has overflowed.
    /// It may be infinite elsewhere too: then the result has to be looked at again.
    /// </summary>
    public int Guard { get; private set; }

    public int Min(int a, int b) => Write(new(ColumnCode.Min, a, b));

    public int Max(int a, int b) => Write(new(ColumnCode.Max, a, b));

    public int Add(int a, int b) => Write(new(ColumnCode.Add, a, b));

    public int Subtract(int a, int b) => Write(new(ColumnCode.Subtract, a, b));

    public int Sign(int a) => Write(new(ColumnCode.Sign, a));

    public int Nearer(int a, int b, int centre) => Write(new(ColumnCode.Nearer, a, b, centre));

    /// <summary>The sum, in two halves that a processor adds up side by side.</summary>
    public int Sum(ReadOnlySpan<int> values)
    {
        if (values.Length == 1) return values[0];
        var (even, odd) = (values[0], values[1]);
        for (var i = 2; i < values.Length; i++)
        {
            if (i % 2 == 0) even = Add(even, values[i]);
            else odd = Add(odd, values[i]);
        }

        return Add(even, odd);
    }

    public int Mean(ReadOnlySpan<int> values)
    {
        var sum = Sum(values);
        return values.Length == 1 ? sum : Write(new(ColumnCode.DivideBy, sum, Divisor: values.Length));
    }

    /// <summary>Brings order statistics of the rows to the values returned, by rank. What is not needed has no meaning there.</summary>
    public int[] Select(ReadOnlySpan<Need> needs)
    {
        var values = new int[rows];
        for (var i = 0; i < rows; i++) values[i] = i;
        foreach (var (low, high, keepLow, keepHigh) in SelectionNetwork.For(needs).Comparators)
        {
            var (a, b) = (values[low], values[high]);
            if (keepLow) values[low] = Min(a, b);
            if (keepHigh) values[high] = keepLow ? Write(new(ColumnCode.Other, a, b, values[low])) : Max(a, b);
        }

        return values;
    }

    /// <summary>Ends the program: rows are loaded where they are first used, and the guard is added up on the way.</summary>
    /// <param name="guardRows">False where no result is finite unless every row is.</param>
    /// <param name="guards">Further values that must be finite for the result to be right.</param>
    public void Finish(int result, bool guardRows = true, params ReadOnlySpan<int> guards)
    {
        var numbers = new int[rows + written.Count];
        Array.Fill(numbers, ColumnOperation.None);
        Guard = ColumnOperation.None;
        for (var k = 0; k < written.Count; k++)
        {
            var (code, a, b, c, divisor) = written[k];
            var (first, second, third) = (Number(a), Number(b), Number(c));
            numbers[rows + k] = Append(new(code, first, second, third, divisor));
        }

        for (var i = 0; i < rows; i++) Number(i);
        Result = Number(result);
        GuardAlso(Result);
        foreach (var guard in guards) GuardAlso(Number(guard));

        int Number(int value)
        {
            if (value == ColumnOperation.None) return value;
            if (numbers[value] != ColumnOperation.None) return numbers[value];
            numbers[value] = Append(new(ColumnCode.Load, value));
            if (guardRows) GuardAlso(numbers[value]);
            return numbers[value];
        }
    }

    private void GuardAlso(int operation) => Guard = Guard == ColumnOperation.None ? operation : Append(new(ColumnCode.Add, Guard, operation));

    private int Append(ColumnOperation operation)
    {
        operations.Add(operation);
        return operations.Count - 1;
    }

    private int Write(ColumnOperation operation)
    {
        written.Add(operation);
        return rows + written.Count - 1;
    }
}
