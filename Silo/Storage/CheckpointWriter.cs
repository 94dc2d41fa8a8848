using System.Buffers;
using System.Runtime.InteropServices;
using Basgd.Aggregation.Memory;
using Basgd.Contracts;

namespace Basgd.Silo.Storage;

/// <summary>
/// A state as a sequence of bytes. Its vectors are in it themselves, held until this is disposed: a copy would cost a model's
/// memory for each that is being written.
/// </summary>
internal sealed class CheckpointWriter : IBufferWriter<byte>, IVectorOutput, IDisposable
{
    private const int ChunkBytes = 4_096;

    private readonly List<Part> parts = [];
    private readonly List<byte[]> chunks = [];
    private readonly List<ParameterVector> vectors = [];
    private Memory<byte> free;
    private int used;

    /// <summary>What was written so far.</summary>
    public ReadOnlySequence<byte> Written
    {
        get
        {
            Close();
            return parts.Count == 0 ? default : new ReadOnlySequence<byte>(parts[0], 0, parts[^1], parts[^1].Memory.Length);
        }
    }

    public void Advance(int count) => used += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        if (free.Length - used < Math.Max(sizeHint, 1))
        {
            Close();
            var chunk = ArrayPool<byte>.Shared.Rent(Math.Max(sizeHint, ChunkBytes));
            chunks.Add(chunk);
            free = chunk;
        }

        return free[used..];
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    /// <inheritdoc/>
    public void Append(ParameterVector vector, int offset, int length)
    {
        if (length == 0) return;
        Close();
        var held = vector.Share();
        vectors.Add(held);
        Add(new Bytes(held).Memory.Slice(offset * sizeof(float), length * sizeof(float)));
    }

    public void Dispose()
    {
        foreach (var vector in vectors) vector.Return();
        foreach (var chunk in chunks) ArrayPool<byte>.Shared.Return(chunk);
        vectors.Clear();
        chunks.Clear();
    }

    /// <summary>Ends the part that is being written.</summary>
    private void Close()
    {
        if (used > 0) Add(free[..used]);
        free = free[used..];
        used = 0;
    }

    private void Add(ReadOnlyMemory<byte> bytes)
    {
        var part = new Part(bytes, parts.Count == 0 ? 0 : parts[^1].End);
        if (parts.Count > 0) parts[^1].Precede(part);
        parts.Add(part);
    }

    private sealed class Part : ReadOnlySequenceSegment<byte>
    {
        public Part(ReadOnlyMemory<byte> bytes, long start) => (Memory, RunningIndex) = (bytes, start);

        public long End => RunningIndex + Memory.Length;

        public void Precede(Part next) => Next = next;
    }

    /// <summary>The bytes of a vector, whose floats never move.</summary>
    private sealed class Bytes(ParameterVector vector) : MemoryManager<byte>
    {
        public override Span<byte> GetSpan() => MemoryMarshal.AsBytes(vector.Span);

        public override unsafe MemoryHandle Pin(int elementIndex = 0) => new((byte*)vector.Memory.Pin().Pointer + elementIndex);

        public override void Unpin()
        {
        }

        protected override void Dispose(bool disposing)
        {
        }
    }
}
