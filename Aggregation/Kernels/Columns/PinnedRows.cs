using System.Buffers;

namespace Basgd.Aggregation.Kernels;

/// <summary>Rows as addresses that several threads may read, until it is disposed.</summary>
internal readonly unsafe struct PinnedRows<T> : IDisposable
    where T : unmanaged
{
    private readonly MemoryHandle[] handles;
    private readonly nint[] addresses;

    public PinnedRows(ReadOnlySpan<ReadOnlyMemory<T>> rows)
    {
        Count = rows.Length;
        handles = ArrayPool<MemoryHandle>.Shared.Rent(Count);
        addresses = ArrayPool<nint>.Shared.Rent(Count);
        for (var i = 0; i < Count; i++)
        {
            handles[i] = rows[i].Pin();
            addresses[i] = (nint)handles[i].Pointer;
        }
    }

    /// <summary>Number of rows n.</summary>
    public int Count { get; }

    /// <summary>Address of each row's first value; null for a row without values.</summary>
    public ReadOnlySpan<nint> Addresses => addresses.AsSpan(0, Count);

    /// <summary>Row i's values from a column on.</summary>
    public T* At(int row, int column) => (T*)addresses[row] + column;

    public void Dispose()
    {
        foreach (ref var handle in handles.AsSpan(0, Count)) handle.Dispose();
        ArrayPool<MemoryHandle>.Shared.Return(handles, clearArray: true);
        ArrayPool<nint>.Shared.Return(addresses);
    }
}
