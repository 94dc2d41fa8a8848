using System.Runtime.Intrinsics;

namespace Basgd.Aggregation.Kernels;

/// <summary>Registers of 512 bits.</summary>
internal readonly unsafe struct Lanes512<T> : ILanes<Vector512<T>, T>
    where T : unmanaged
{
    public static int Count => Vector512<T>.Count;

    public static Vector512<T> Load(T* source) => Vector512.Load(source);

    public static void Store(Vector512<T> vector, T* target) => vector.Store(target);

    public static void StoreNonTemporal(Vector512<T> vector, T* target) => vector.StoreAlignedNonTemporal(target);

    public static Vector512<T> Broadcast(T value) => Vector512.Create(value);

    public static Vector512<T> Add(Vector512<T> x, Vector512<T> y) => x + y;

    public static Vector512<T> Subtract(Vector512<T> x, Vector512<T> y) => x - y;

    public static Vector512<T> Divide(Vector512<T> x, Vector512<T> y) => x / y;

    public static Vector512<T> MultiplyAdd(Vector512<T> x, Vector512<T> y, Vector512<T> z) => typeof(T) == typeof(float)
        ? Vector512.FusedMultiplyAdd(x.AsSingle(), y.AsSingle(), z.AsSingle()).As<float, T>()
        : Vector512.FusedMultiplyAdd(x.AsDouble(), y.AsDouble(), z.AsDouble()).As<double, T>();

    public static bool EqualsAll(Vector512<T> x, Vector512<T> y) => Vector512.EqualsAll(x, y);

    public static double Sum(Vector512<T> vector)
    {
        if (typeof(T) == typeof(double)) return Vector512.Sum(vector.AsDouble());
        var (lower, upper) = Vector512.Widen(vector.AsSingle());
        return Vector512.Sum(lower + upper);
    }
}
