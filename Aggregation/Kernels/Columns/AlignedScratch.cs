using System.Buffers;
using System.Runtime.InteropServices;

namespace Basgd.Aggregation.Kernels;

/// <summary>A pooled block at an address that is a multiple of 64 bytes, a cache line and the widest register; its content is undefined.</summary>
internal readonly unsafe struct AlignedScratch<T> : IDisposable
    where T : unmanaged
{
    private const int Alignment = 64;

    private readonly byte[] block;
    private readonly GCHandle pin;

    public AlignedScratch(int length)
    {
        block = ArrayPool<byte>.Shared.Rent(checked((length * sizeof(T)) + Alignment));
        pin = GCHandle.Alloc(block, GCHandleType.Pinned);
        Address = (T*)(((nuint)pin.AddrOfPinnedObject() + Alignment - 1) & ~(nuint)(Alignment - 1));
        Length = length;
    }

    public T* Address { get; }

    public int Length { get; }

    public Span<T> Span => new(Address, Length);

    public void Dispose()
    {
        pin.Free();
        ArrayPool<byte>.Shared.Return(block);
    }
}
