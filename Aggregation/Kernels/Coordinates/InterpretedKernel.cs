using System.Buffers;
using System.Numerics;

namespace Basgd.Aggregation.Kernels;

/// <summary>A program done operation by operation, each on a block of columns that stays in the first-level cache: for where nothing can be compiled.</summary>
internal sealed unsafe class InterpretedKernel<T>(ColumnProgram program) : ColumnKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int BlockBytes = 32 * 1024;

    private readonly ColumnOperation[] operations = [.. program.Operations];
    private readonly ColumnSlots slots = new(program);

    public override int Lanes => Vector<T>.Count;

    public override bool Run(nint* rows, T* result, nint start, nint count)
    {
        var width = Math.Max(BlockBytes / sizeof(T) / slots.Count / Lanes, 1) * Lanes;
        var scratch = ArrayPool<T>.Shared.Rent(slots.Count * width);
        var bad = Vector<T>.Zero;
        fixed (T* block = scratch)
        {
            var whole = count - (count % Lanes);
            for (nint done = 0; done < whole; done += width) DoBlock(block, width, (int)Math.Min(width, whole - done), rows, result, start + done, ref bad);

            // The last vector may overlap the one before.
            if (whole < count) DoBlock(block, width, Lanes, rows, result, start + count - Lanes, ref bad);
        }

        ArrayPool<T>.Shared.Return(scratch);
        return Vector.EqualsAll(bad, Vector<T>.Zero);
    }

    private void DoBlock(T* block, int width, int length, nint* rows, T* result, nint column, ref Vector<T> bad)
    {
        for (var k = 0; k < operations.Length; k++) Do(operations[k], k, block, width, length, rows, column);
        var values = block + (slots[program.Result] * width);
        var guards = block + (slots[program.Guard] * width);
        for (var k = 0; k < length; k += Lanes)
        {
            Vector.Store(Vector.Load(values + k), result + column + k);
            bad += Vector.Load(guards + k) * Vector<T>.Zero;
        }
    }

    private void Do(ColumnOperation operation, int number, T* block, int width, int length, nint* rows, nint column)
    {
        var target = block + (slots[number] * width);
        var (code, a, b, c, divisor) = operation;
        if (code == ColumnCode.Load)
        {
            new ReadOnlySpan<T>((T*)rows[a] + column, length).CopyTo(new Span<T>(target, length));
            return;
        }

        var x = At(a);
        var y = b == ColumnOperation.None ? x : At(b);
        var z = c == ColumnOperation.None ? x : At(c);
        switch (code)
        {
            case ColumnCode.Min:
                for (var k = 0; k < length; k += Lanes) Vector.Store(Vector.MinNative(Vector.Load(x + k), Vector.Load(y + k)), target + k);
                break;
            case ColumnCode.Max:
                for (var k = 0; k < length; k += Lanes) Vector.Store(Vector.MaxNative(Vector.Load(x + k), Vector.Load(y + k)), target + k);
                break;
            case ColumnCode.Other:
                for (var k = 0; k < length; k += Lanes) Vector.Store(Vector.Load(x + k) ^ Vector.Load(y + k) ^ Vector.Load(z + k), target + k);
                break;
            case ColumnCode.Add:
                for (var k = 0; k < length; k += Lanes) Vector.Store(Vector.Load(x + k) + Vector.Load(y + k), target + k);
                break;
            case ColumnCode.Subtract:
                for (var k = 0; k < length; k += Lanes) Vector.Store(Vector.Load(x + k) - Vector.Load(y + k), target + k);
                break;
            case ColumnCode.Sign:
                for (var k = 0; k < length; k += Lanes)
                {
                    var value = Vector.Load(x + k);
                    var notPositive = Vector.ConditionalSelect(Vector.LessThan(value, Vector<T>.Zero), -Vector<T>.One, Vector<T>.Zero);
                    Vector.Store(Vector.ConditionalSelect(Vector.GreaterThan(value, Vector<T>.Zero), Vector<T>.One, notPositive), target + k);
                }

                break;
            case ColumnCode.DivideBy:
                var by = new Vector<T>(T.CreateChecked(divisor));
                for (var k = 0; k < length; k += Lanes) Vector.Store(Vector.Load(x + k) / by, target + k);
                break;
            case ColumnCode.Nearer:
                for (var k = 0; k < length; k += Lanes)
                {
                    var (near, far, centre) = (Vector.Load(x + k), Vector.Load(y + k), Vector.Load(z + k));
                    Vector.Store(Vector.ConditionalSelect(Vector.LessThanOrEqual(centre - near, far - centre), near, far), target + k);
                }

                break;
            default:
                throw new NotSupportedException($"{code}");
        }

        T* At(int value) => block + (slots[value] * width);
    }
}
