using System.Buffers;

namespace Basgd.Silo.Storage;

/// <summary>Grows like <see cref="ArrayBufferWriter{T}"/>, in blocks from the shared pool.</summary>
/// <param name="expected">Bytes that will probably be written: so many need no growth.</param>
internal sealed class PooledWriter(int expected) : IBufferWriter<byte>, IDisposable
{
    private byte[] block = ArrayPool<byte>.Shared.Rent(expected);
    private int length;

    public Memory<byte> Written => block.AsMemory(0, length);

    public void Advance(int count) => length += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        if (block.Length - length < Math.Max(sizeHint, 1)) Grow(sizeHint);
        return block.AsMemory(length);
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public void Dispose() => ArrayPool<byte>.Shared.Return(block);

    private void Grow(int sizeHint)
    {
        var wanted = Math.Max(2L * block.Length, (long)length + sizeHint);
        var larger = ArrayPool<byte>.Shared.Rent((int)Math.Clamp(wanted, checked(length + Math.Max(sizeHint, 1)), Array.MaxLength));
        Written.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(block);
        block = larger;
    }
}
