using System.Buffers;
using Basgd.Aggregation.Memory;
using Orleans.Serialization.Buffers;
using Orleans.Serialization.Cloning;
using Orleans.Serialization.Codecs;
using Orleans.Serialization.WireProtocol;

namespace Basgd.Contracts;

/// <summary>Part of a vector on its way: floats [offset, offset + length) of one reference, which is the message's own.</summary>
public sealed class VectorSlice(ParameterVector vector, int offset, int length)
{
    /// <summary>Number of floats.</summary>
    public int Length => length;

    /// <summary>The floats.</summary>
    /// <exception cref="ObjectDisposedException">The slice was returned.</exception>
    public ReadOnlySpan<float> Span => vector.Span.Slice(offset, length);

    /// <summary>Gives the slice up.</summary>
    public void Return() => vector.Return();

    /// <summary>Writes the floats straight from the vector; they are read into a rented block of their own.</summary>
    [RegisterSerializer]
    [RegisterCopier]
    internal sealed class Codec : IFieldCodec<VectorSlice>, IDeepCopier<VectorSlice>, IOptionalDeepCopier
    {
        public void WriteField<TBufferWriter>(ref Writer<TBufferWriter> writer, uint fieldIdDelta, Type? expectedType, VectorSlice? value)
            where TBufferWriter : IBufferWriter<byte>
        {
            if (ReferenceCodec.TryWriteReferenceField(ref writer, fieldIdDelta, expectedType!, value)) return;
            writer.WriteFieldHeader(fieldIdDelta, expectedType, typeof(VectorSlice), WireType.LengthPrefixed);
            ParameterVectorCodec.Write(ref writer, value.Vector, value.Offset, value.Length);
        }

        public VectorSlice? ReadValue<TInput>(ref Reader<TInput> reader, Field field)
        {
            if (field.WireType == WireType.Reference) return ReferenceCodec.ReadReference<VectorSlice, TInput>(ref reader, field);
            var vector = ParameterVectorCodec.Read(ref reader, field);
            var slice = new VectorSlice(vector, 0, vector.Length);
            ReferenceCodec.RecordObject(reader.Session, slice);
            return slice;
        }

        public VectorSlice? DeepCopy(VectorSlice? input, CopyContext context) => input;

        public bool IsShallowCopyable() => true;

        public object? DeepCopy(object? input, CopyContext context) => input;
    }

    private ParameterVector Vector => vector;

    private int Offset => offset;
}
