using System.Runtime.Intrinsics;

namespace Basgd.Aggregation.Kernels;

/// <summary>Registers of 256 bits.</summary>
internal readonly unsafe struct Lanes256<T> : ILanes<Vector256<T>, T>
    where T : unmanaged
{
    public static int Count => Vector256<T>.Count;

    public static Vector256<T> Load(T* source) => Vector256.Load(source);

    public static void Store(Vector256<T> vector, T* target) => vector.Store(target);

    public static void StoreNonTemporal(Vector256<T> vector, T* target) => vector.StoreAlignedNonTemporal(target);

    public static Vector256<T> Broadcast(T value) => Vector256.Create(value);

    public static Vector256<T> Add(Vector256<T> x, Vector256<T> y) => x + y;

    public static Vector256<T> Subtract(Vector256<T> x, Vector256<T> y) => x - y;

    public static Vector256<T> Divide(Vector256<T> x, Vector256<T> y) => x / y;

    public static Vector256<T> MultiplyAdd(Vector256<T> x, Vector256<T> y, Vector256<T> z) => typeof(T) == typeof(float)
        ? Vector256.FusedMultiplyAdd(x.AsSingle(), y.AsSingle(), z.AsSingle()).As<float, T>()
        : Vector256.FusedMultiplyAdd(x.AsDouble(), y.AsDouble(), z.AsDouble()).As<double, T>();

    public static bool EqualsAll(Vector256<T> x, Vector256<T> y) => Vector256.EqualsAll(x, y);

    public static double Sum(Vector256<T> vector)
    {
        if (typeof(T) == typeof(double)) return Vector256.Sum(vector.AsDouble());
        var (lower, upper) = Vector256.Widen(vector.AsSingle());
        return Vector256.Sum(lower + upper);
    }
}
