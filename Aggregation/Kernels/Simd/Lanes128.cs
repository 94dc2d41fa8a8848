using System.Runtime.Intrinsics;

namespace Basgd.Aggregation.Kernels;

/// <summary>Registers of 128 bits.</summary>
internal readonly unsafe struct Lanes128<T> : ILanes<Vector128<T>, T>
    where T : unmanaged
{
    public static int Count => Vector128<T>.Count;

    public static Vector128<T> Load(T* source) => Vector128.Load(source);

    public static void Store(Vector128<T> vector, T* target) => vector.Store(target);

    public static void StoreNonTemporal(Vector128<T> vector, T* target) => vector.StoreAlignedNonTemporal(target);

    public static Vector128<T> Broadcast(T value) => Vector128.Create(value);

    public static Vector128<T> Add(Vector128<T> x, Vector128<T> y) => x + y;

    public static Vector128<T> Subtract(Vector128<T> x, Vector128<T> y) => x - y;

    public static Vector128<T> Divide(Vector128<T> x, Vector128<T> y) => x / y;

    public static Vector128<T> MultiplyAdd(Vector128<T> x, Vector128<T> y, Vector128<T> z) => typeof(T) == typeof(float)
        ? Vector128.FusedMultiplyAdd(x.AsSingle(), y.AsSingle(), z.AsSingle()).As<float, T>()
        : Vector128.FusedMultiplyAdd(x.AsDouble(), y.AsDouble(), z.AsDouble()).As<double, T>();

    public static bool EqualsAll(Vector128<T> x, Vector128<T> y) => Vector128.EqualsAll(x, y);

    public static double Sum(Vector128<T> vector)
    {
        if (typeof(T) == typeof(double)) return Vector128.Sum(vector.AsDouble());
        var (lower, upper) = Vector128.Widen(vector.AsSingle());
        return Vector128.Sum(lower + upper);
    }
}
