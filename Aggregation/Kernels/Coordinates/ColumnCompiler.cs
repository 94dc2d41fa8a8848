using System.Numerics;
using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.Intrinsics;

namespace Basgd.Aggregation.Kernels;

/// <summary>The compiled loop over the vectors of a range.</summary>
/// <param name="rows">Addresses of the rows.</param>
/// <param name="result">Address of the result.</param>
/// <param name="first">Offset in bytes of the first vector.</param>
/// <param name="last">Offset of the last one, which may overlap the one before.</param>
/// <returns>Whether the guard was finite everywhere.</returns>
internal unsafe delegate bool ColumnLoop(nint* rows, nint result, nint first, nint last);

/// <summary>Writes a <see cref="ColumnProgram"/> as a method: one call of an intrinsic an operation, values in locals.</summary>
internal sealed class ColumnCompiler
{
    /// <summary>So many addresses of rows find a register beside what the loop needs.</summary>
    private const int MostAddressesInRegisters = 8;

    private static readonly MethodInfo Min = typeof(nint).GetMethod(nameof(nint.Min), [typeof(nint), typeof(nint)])!;

    private readonly ColumnProgram program;
    private readonly ColumnSlots slots;
    private readonly Type element;
    private readonly Type operations;
    private readonly Type vector;
    private readonly int bytes;

    /// <param name="element">float or double.</param>
    public ColumnCompiler(ColumnProgram program, SimdWidth width, Type element)
    {
        this.program = program;
        this.element = element;
        slots = new ColumnSlots(program);
        bytes = (int)width / 8;
        (operations, var open) = width switch
        {
            SimdWidth.Bits512 => (typeof(Vector512), typeof(Vector512<>)),
            SimdWidth.Bits256 => (typeof(Vector256), typeof(Vector256<>)),
            _ => (typeof(Vector128), typeof(Vector128<>)),
        };
        vector = open.MakeGenericType(element);
    }

    public ColumnLoop Compile()
    {
        var method = new DynamicMethod("Columns", typeof(bool), [typeof(nint*), typeof(nint), typeof(nint), typeof(nint)], typeof(ColumnCompiler).Module, skipVisibility: true);
        Write(method.GetILGenerator());
        return method.CreateDelegate<ColumnLoop>();
    }

    private void Write(ILGenerator il)
    {
        var values = new LocalBuilder[slots.Count];
        for (var i = 0; i < values.Length; i++) values[i] = il.DeclareLocal(vector);
        var bad = il.DeclareLocal(vector);
        var addresses = new LocalBuilder[program.Rows <= MostAddressesInRegisters ? program.Rows : 0];
        for (var i = 0; i < addresses.Length; i++)
        {
            addresses[i] = il.DeclareLocal(typeof(nint));
            WriteAddress(il, i);
            il.Emit(OpCodes.Stloc, addresses[i]);
        }

        WriteConstant(il, 0);
        il.Emit(OpCodes.Stloc, bad);
        var loop = il.DefineLabel();
        var end = il.DefineLabel();
        il.MarkLabel(loop);
        for (var k = 0; k < program.Operations.Count; k++)
        {
            var operation = program.Operations[k];
            if (operation.Code == ColumnCode.Load)
            {
                if (operation.A < addresses.Length) il.Emit(OpCodes.Ldloc, addresses[operation.A]);
                else WriteAddress(il, operation.A);
                il.Emit(OpCodes.Ldarg_2);
                il.Emit(OpCodes.Add);
                il.Emit(OpCodes.Call, Method(nameof(Vector512.Load), element.MakePointerType()));
            }
            else
            {
                WriteOperation(il, operation, values);
            }

            il.Emit(OpCodes.Stloc, values[slots[k]]);
        }

        il.Emit(OpCodes.Ldloc, values[slots[program.Result]]);
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Ldarg_2);
        il.Emit(OpCodes.Add);
        il.Emit(OpCodes.Call, Method(nameof(Vector512.Store), vector, element.MakePointerType()));

        // 0·x is 0 for finite x and NaN for the others, and a sum keeps a NaN.
        il.Emit(OpCodes.Ldloc, bad);
        il.Emit(OpCodes.Ldloc, values[slots[program.Guard]]);
        WriteConstant(il, 0);
        il.Emit(OpCodes.Call, Method(nameof(Vector512.Multiply), vector, vector));
        il.Emit(OpCodes.Call, Method(nameof(Vector512.Add), vector, vector));
        il.Emit(OpCodes.Stloc, bad);

        il.Emit(OpCodes.Ldarg_2);
        il.Emit(OpCodes.Ldarg_3);
        il.Emit(OpCodes.Beq, end);
        il.Emit(OpCodes.Ldarg_2);
        il.Emit(OpCodes.Ldc_I4, bytes);
        il.Emit(OpCodes.Conv_I);
        il.Emit(OpCodes.Add);
        il.Emit(OpCodes.Ldarg_3);
        il.Emit(OpCodes.Call, Min);
        il.Emit(OpCodes.Starg_S, (byte)2);
        il.Emit(OpCodes.Br, loop);

        il.MarkLabel(end);
        il.Emit(OpCodes.Ldloc, bad);
        WriteConstant(il, 0);
        il.Emit(OpCodes.Call, Method(nameof(Vector512.EqualsAll), vector, vector));
        il.Emit(OpCodes.Ret);
    }

    private void WriteOperation(ILGenerator il, ColumnOperation operation, LocalBuilder[] values)
    {
        var (code, a, b, c, divisor) = operation;
        switch (code)
        {
            case ColumnCode.Nearer:
                Push(c);
                Push(a);
                Call(nameof(Vector512.Subtract), vector, vector);
                Push(b);
                Push(c);
                Call(nameof(Vector512.Subtract), vector, vector);
                Call(nameof(Vector512.LessThanOrEqual), vector, vector);
                Push(a);
                Push(b);
                Call(nameof(Vector512.ConditionalSelect), vector, vector, vector);
                break;
            case ColumnCode.Sign:
                Push(a);
                WriteConstant(il, 0);
                Call(nameof(Vector512.GreaterThan), vector, vector);
                WriteConstant(il, 1);
                Push(a);
                WriteConstant(il, 0);
                Call(nameof(Vector512.LessThan), vector, vector);
                WriteConstant(il, -1);
                WriteConstant(il, 0);
                Call(nameof(Vector512.ConditionalSelect), vector, vector, vector);
                Call(nameof(Vector512.ConditionalSelect), vector, vector, vector);
                break;
            case ColumnCode.DivideBy:
                Push(a);
                WriteConstant(il, IsPowerOfTwo(divisor) ? 1 / divisor : divisor);
                Call(IsPowerOfTwo(divisor) ? nameof(Vector512.Multiply) : nameof(Vector512.Divide), vector, vector);
                break;
            default:
                Push(a);
                Push(b);
                Call(
                    code switch
                    {
                        ColumnCode.Min => nameof(Vector512.MinNative),
                        ColumnCode.Max => nameof(Vector512.MaxNative),
                        ColumnCode.Add => nameof(Vector512.Add),
                        _ => nameof(Vector512.Subtract),
                    },
                    vector,
                    vector);
                break;
        }

        void Push(int value) => il.Emit(OpCodes.Ldloc, values[slots[value]]);

        void Call(string name, params Type[] parameters) => il.Emit(OpCodes.Call, Method(name, parameters));
    }

    private static void WriteAddress(ILGenerator il, int row)
    {
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldc_I4, row * nint.Size);
        il.Emit(OpCodes.Conv_I);
        il.Emit(OpCodes.Add);
        il.Emit(OpCodes.Ldind_I);
    }

    private void WriteConstant(ILGenerator il, double value)
    {
        if (element == typeof(float)) il.Emit(OpCodes.Ldc_R4, (float)value);
        else il.Emit(OpCodes.Ldc_R8, value);
        il.Emit(OpCodes.Call, Method(nameof(Vector512.Create), element));
    }

    private static bool IsPowerOfTwo(double value) => BitOperations.IsPow2((long)value);

    /// <summary>The generic method of a name, for the element's type, that takes just these.</summary>
    private MethodInfo Method(string name, params Type[] parameters)
    {
        foreach (var method in operations.GetMethods())
        {
            if (method.Name != name || method.GetGenericArguments().Length != 1) continue;
            var closed = method.MakeGenericMethod(element);
            if (closed.GetParameters().Select(static p => p.ParameterType).SequenceEqual(parameters)) return closed;
        }

        throw new MissingMethodException(operations.Name, name);
    }
}
