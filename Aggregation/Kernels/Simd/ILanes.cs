namespace Basgd.Aggregation.Kernels;

/// <summary>
/// The few operations that kernels are made of, on one register: a kernel is written once over them and compiled for each width.
/// No operation depends on the others of its register, so only <see cref="Sum"/> gives different bits in different widths.
/// </summary>
/// <typeparam name="TVector">The register.</typeparam>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal unsafe interface ILanes<TVector, T>
    where TVector : unmanaged
    where T : unmanaged
{
    /// <summary>Numbers in a register.</summary>
    static abstract int Count { get; }

    /// <summary>Need not be aligned.</summary>
    static abstract TVector Load(T* source);

    static abstract void Store(TVector vector, T* target);

    /// <summary>Stores past the caches. <paramref name="target"/> must be aligned to the register's size.</summary>
    static abstract void StoreNonTemporal(TVector vector, T* target);

    static abstract TVector Broadcast(T value);

    static abstract TVector Add(TVector x, TVector y);

    static abstract TVector Subtract(TVector x, TVector y);

    static abstract TVector Divide(TVector x, TVector y);

    /// <summary>x·y + z, rounded once.</summary>
    static abstract TVector MultiplyAdd(TVector x, TVector y, TVector z);

    /// <summary>Whether all numbers equal those of <paramref name="y"/>; false where one is NaN.</summary>
    static abstract bool EqualsAll(TVector x, TVector y);

    /// <summary>The sum of the numbers, in double.</summary>
    static abstract double Sum(TVector vector);
}
