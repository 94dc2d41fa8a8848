using System.Buffers;
using System.Runtime.InteropServices;
using Basgd.Aggregation.Memory;

namespace Basgd.Silo.Storage;

/// <summary>
/// Grows like <see cref="ArrayBufferWriter{T}"/>, in blocks from the pool of parameter vectors. The shared array pool would round
/// a model's state up to the next power of two, and keep one such array for every thread that ever gave one back.
/// </summary>
/// <param name="expected">Bytes that will probably be written: so many need no growth.</param>
internal sealed class PooledWriter(int expected) : IBufferWriter<byte>, IDisposable
{
    private Block block = new(expected);
    private int length;

    public Memory<byte> Written => block.Memory[..length];

    public void Advance(int count) => length += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        if (block.Length - length < Math.Max(sizeHint, 1)) Grow(sizeHint);
        return block.Memory[length..];
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public void Dispose() => ((IDisposable)block).Dispose();

    private void Grow(int sizeHint)
    {
        var wanted = Math.Max(2L * block.Length, (long)length + sizeHint);
        var larger = new Block((int)Math.Clamp(wanted, checked(length + Math.Max(sizeHint, 1)), Array.MaxLength));
        Written.CopyTo(larger.Memory);
        Dispose();
        block = larger;
    }

    /// <summary>The bytes of a rented vector, whose floats never move.</summary>
    private sealed class Block(int bytes) : MemoryManager<byte>
    {
        private readonly ParameterVector vector = ParameterVector.Rent((int)(((long)bytes + sizeof(float) - 1) / sizeof(float)));

        public int Length => bytes;

        public override Span<byte> GetSpan() => MemoryMarshal.AsBytes(vector.Span)[..bytes];

        public override unsafe MemoryHandle Pin(int elementIndex = 0) => new((byte*)vector.Memory.Pin().Pointer + elementIndex);

        public override void Unpin()
        {
        }

        protected override void Dispose(bool disposing) => vector.Return();
    }
}
