namespace Basgd.Aggregation.Kernels;

/// <summary>Where the values of a program are kept: a slot is used again once its value has been used for the last time.</summary>
internal sealed class ColumnSlots
{
    private readonly int[] slots;
    private readonly int[] lastUse;

    public ColumnSlots(ColumnProgram program)
    {
        var operations = program.Operations;
        lastUse = new int[operations.Count];
        for (var k = 0; k < operations.Count; k++)
        {
            foreach (var operand in operations[k].Operands) lastUse[operand] = k;
        }

        lastUse[program.Result] = lastUse[program.Guard] = int.MaxValue;
        slots = new int[operations.Count];
        var free = new Stack<int>();
        for (var k = 0; k < operations.Count; k++)
        {
            // An operand's slot may take the value: every operation reads before it writes.
            foreach (var operand in operations[k].Operands)
            {
                if (lastUse[operand] == k) free.Push(slots[operand]);
            }

            if (!free.TryPop(out slots[k])) slots[k] = Count++;
        }
    }

    /// <summary>How many there are.</summary>
    public int Count { get; }

    /// <summary>The slot of an operation's value.</summary>
    public int this[int operation] => slots[operation];

    /// <summary>Whether an operation's value is used by those from a certain one on, or after all.</summary>
    public bool IsUsedFrom(int operation, int from) => lastUse[operation] >= from;
}
