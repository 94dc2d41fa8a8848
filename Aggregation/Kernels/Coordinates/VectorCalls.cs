using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.Intrinsics;

namespace Basgd.Aggregation.Kernels;

/// <summary>Calls of the portable vector operations in one width, for one type of element: the compiler makes an instruction of each.</summary>
internal sealed class VectorCalls
{
    private readonly Dictionary<string, MethodInfo> known = [];
    private readonly Type operations;
    private readonly Type element;
    private readonly Type pointer;

    /// <param name="element">float or double.</param>
    public VectorCalls(SimdWidth width, Type element)
    {
        this.element = element;
        pointer = element.MakePointerType();
        (operations, var open) = width switch
        {
            SimdWidth.Bits512 => (typeof(Vector512), typeof(Vector512<>)),
            SimdWidth.Bits256 => (typeof(Vector256), typeof(Vector256<>)),
            _ => (typeof(Vector128), typeof(Vector128<>)),
        };
        Vector = open.MakeGenericType(element);
    }

    /// <summary>The type of a vector.</summary>
    public Type Vector { get; }

    /// <summary>Address to vector.</summary>
    public void Load(ILGenerator il) => Call(il, nameof(Vector512.Load), pointer);

    /// <summary>Vector and address to nothing.</summary>
    public void Store(ILGenerator il) => Call(il, nameof(Vector512.Store), Vector, pointer);

    /// <summary>Two vectors to what the operation of that name makes of them.</summary>
    public void Binary(ILGenerator il, string name) => Call(il, name, Vector, Vector);

    /// <summary>Mask and two vectors to the first where the mask is set, else the second.</summary>
    public void Choose(ILGenerator il) => Call(il, nameof(Vector512.ConditionalSelect), Vector, Vector, Vector);

    /// <summary>Nothing to a vector of one value.</summary>
    public void Constant(ILGenerator il, double value)
    {
        if (element == typeof(float)) il.Emit(OpCodes.Ldc_R4, (float)value);
        else il.Emit(OpCodes.Ldc_R8, value);
        Call(il, nameof(Vector512.Create), element);
    }

    private void Call(ILGenerator il, string name, params Type[] parameters)
    {
        if (!known.TryGetValue(name, out var method)) known[name] = method = Find(name, parameters);
        il.Emit(OpCodes.Call, method);
    }

    private MethodInfo Find(string name, Type[] parameters) => operations.GetMethods()
        .Where(method => method.Name == name && method.GetGenericArguments().Length == 1)
        .Select(method => method.MakeGenericMethod(element))
        .Single(method => method.GetParameters().Select(static p => p.ParameterType).SequenceEqual(parameters));
}
