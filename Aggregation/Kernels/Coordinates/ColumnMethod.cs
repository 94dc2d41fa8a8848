using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Basgd.Aggregation.Kernels;

/// <summary>Writes operations of a program as a <see cref="ColumnLoop"/>: a slot is a local, and the compiler makes a register of it.</summary>
/// <param name="bytes">Of a vector.</param>
internal sealed class ColumnMethod(ILGenerator il, ColumnProgram program, ColumnSlots slots, VectorCalls calls, int bytes)
{
    /// <summary>So many addresses of rows find a register beside what the loop needs.</summary>
    private const int MostAddressesInRegisters = 8;

    /// <summary>
    /// A processor that holds fewer operations than these is still busy with one vector when it should be fetching the next: then it
    /// is told to. Below, it looks ahead by itself.
    /// </summary>
    public const int LeastOperationsToPrefetch = 200;

    /// <summary>Bytes: the next few vectors of every row are on their way.</summary>
    private const int PrefetchDistance = 512;

    private const byte Offset = 3;

    private static readonly MethodInfo Prefetch = typeof(Sse).GetMethod(nameof(Sse.Prefetch0))!;
    private static readonly MethodInfo Min = typeof(nint).GetMethod(nameof(nint.Min), [typeof(nint), typeof(nint)])!;

    private readonly LocalBuilder[] values = [.. Enumerable.Range(0, slots.Count).Select(_ => il.DeclareLocal(calls.Vector))];
    private readonly bool[] held = new bool[program.Operations.Count];
    private readonly LocalBuilder bad = il.DeclareLocal(calls.Vector);
    private readonly LocalBuilder[] addresses =
        [.. Enumerable.Range(0, program.Rows <= MostAddressesInRegisters ? program.Rows : 0).Select(_ => il.DeclareLocal(typeof(nint)))];

    /// <summary>The operations from one up to but without another. What earlier ones leave is in the scratch, and so is what later ones need.</summary>
    public void Write(int from, int to)
    {
        for (var i = 0; i < addresses.Length; i++)
        {
            PushAddress(i);
            il.Emit(OpCodes.Stloc, addresses[i]);
        }

        calls.Constant(il, 0);
        il.Emit(OpCodes.Stloc, bad);
        var loop = il.DefineLabel();
        var end = il.DefineLabel();
        il.MarkLabel(loop);
        for (var k = from; k < to; k++) WriteOperation(k);
        if (to == program.Operations.Count) WriteResult();
        else WriteScratch(from, to);

        il.Emit(OpCodes.Ldarg_S, Offset);
        il.Emit(OpCodes.Ldarg_S, (byte)(Offset + 1));
        il.Emit(OpCodes.Beq, end);
        il.Emit(OpCodes.Ldarg_S, Offset);
        PushConstant(bytes);
        il.Emit(OpCodes.Add);
        il.Emit(OpCodes.Ldarg_S, (byte)(Offset + 1));
        il.Emit(OpCodes.Call, Min);
        il.Emit(OpCodes.Starg_S, Offset);
        il.Emit(OpCodes.Br, loop);

        il.MarkLabel(end);
        il.Emit(OpCodes.Ldloc, bad);
        calls.Constant(il, 0);
        calls.Binary(il, nameof(Vector512.EqualsAll));
        il.Emit(OpCodes.Ret);
    }

    private void WriteOperation(int number)
    {
        var (code, a, b, c, divisor) = program.Operations[number];
        switch (code)
        {
            case ColumnCode.Load:
                WriteLoad(a);
                break;
            case ColumnCode.Nearer:
                Push(c);
                Push(a);
                calls.Binary(il, nameof(Vector512.Subtract));
                Push(b);
                Push(c);
                calls.Binary(il, nameof(Vector512.Subtract));
                calls.Binary(il, nameof(Vector512.LessThanOrEqual));
                Push(a);
                Push(b);
                calls.Choose(il);
                break;
            case ColumnCode.Other when Avx512F.VL.IsSupported:
                Push(a);
                Push(b);
                calls.Binary(il, nameof(Vector512.Xor));
                Push(c);
                calls.Binary(il, nameof(Vector512.Xor));
                break;
            case ColumnCode.Sign:
                Push(a);
                calls.Constant(il, 0);
                calls.Binary(il, nameof(Vector512.GreaterThan));
                calls.Constant(il, 1);
                Push(a);
                calls.Constant(il, 0);
                calls.Binary(il, nameof(Vector512.LessThan));
                calls.Constant(il, -1);
                calls.Constant(il, 0);
                calls.Choose(il);
                calls.Choose(il);
                break;
            case ColumnCode.DivideBy:
                Push(a);
                calls.Constant(il, divisor);
                calls.Binary(il, nameof(Vector512.Divide));
                break;
            default:
                Push(a);
                Push(b);
                calls.Binary(il, code switch
                {
                    ColumnCode.Min => nameof(Vector512.MinNative),
                    ColumnCode.Max or ColumnCode.Other => nameof(Vector512.MaxNative),
                    ColumnCode.Add => nameof(Vector512.Add),
                    _ => nameof(Vector512.Subtract),
                });
                break;
        }

        il.Emit(OpCodes.Stloc, values[slots[number]]);
        held[number] = true;
    }

    private void WriteLoad(int row)
    {
        if (Prefetching.Pays && program.Operations.Count >= LeastOperationsToPrefetch)
        {
            PushAddressOfVector(row);
            PushConstant(PrefetchDistance);
            il.Emit(OpCodes.Add);
            il.Emit(OpCodes.Call, Prefetch);
        }

        PushAddressOfVector(row);
        calls.Load(il);
    }

    private void WriteResult()
    {
        Push(program.Result);
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Ldarg_S, Offset);
        il.Emit(OpCodes.Add);
        calls.Store(il);

        // 0·x is 0 for finite x and NaN for the others, and a sum keeps a NaN.
        il.Emit(OpCodes.Ldloc, bad);
        Push(program.Guard);
        calls.Constant(il, 0);
        calls.Binary(il, nameof(Vector512.Multiply));
        calls.Binary(il, nameof(Vector512.Add));
        il.Emit(OpCodes.Stloc, bad);
    }

    private void WriteScratch(int from, int to)
    {
        for (var k = from; k < to; k++)
        {
            if (!slots.IsUsedFrom(k, to)) continue;
            Push(k);
            PushScratch(k);
            calls.Store(il);
        }
    }

    private void Push(int operation)
    {
        if (!held[operation])
        {
            PushScratch(operation);
            calls.Load(il);
            il.Emit(OpCodes.Stloc, values[slots[operation]]);
            held[operation] = true;
        }

        il.Emit(OpCodes.Ldloc, values[slots[operation]]);
    }

    private void PushScratch(int operation)
    {
        il.Emit(OpCodes.Ldarg_2);
        PushConstant(slots[operation] * bytes);
        il.Emit(OpCodes.Add);
    }

    private void PushAddressOfVector(int row)
    {
        if (row < addresses.Length) il.Emit(OpCodes.Ldloc, addresses[row]);
        else PushAddress(row);
        il.Emit(OpCodes.Ldarg_S, Offset);
        il.Emit(OpCodes.Add);
    }

    private void PushAddress(int row)
    {
        il.Emit(OpCodes.Ldarg_0);
        PushConstant(row * nint.Size);
        il.Emit(OpCodes.Add);
        il.Emit(OpCodes.Ldind_I);
    }

    private void PushConstant(int value)
    {
        il.Emit(OpCodes.Ldc_I4, value);
        il.Emit(OpCodes.Conv_I);
    }
}
