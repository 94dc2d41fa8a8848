using System.Buffers;
using System.Runtime.InteropServices;
using Basgd.Aggregation.Memory;
using Orleans.Serialization;
using Orleans.Serialization.Buffers;
using Orleans.Serialization.Cloning;
using Orleans.Serialization.Codecs;
using Orleans.Serialization.WireProtocol;

namespace Basgd.Contracts;

/// <summary>
/// A parameter vector on the wire and on disk: one length-prefixed span of little-endian floats. Element by element, as
/// <c>float[]</c> members are written, costs twenty times the time. Inside a silo a vector is passed on, not copied; what was
/// sent as the message's own is returned once it is written, and what is read is rented from the pool.
/// </summary>
[RegisterSerializer]
[RegisterCopier]
public sealed class ParameterVectorCodec : IFieldCodec<ParameterVector>, IDeepCopier<ParameterVector>, IOptionalDeepCopier
{
    /// <summary>Most floats a vector may have: as many as one span of bytes can hold.</summary>
    public const int MaxLength = int.MaxValue / sizeof(float);

    /// <inheritdoc/>
    public void WriteField<TBufferWriter>(ref Writer<TBufferWriter> writer, uint fieldIdDelta, Type? expectedType, ParameterVector? value)
        where TBufferWriter : IBufferWriter<byte>
    {
        // Writes null as a reference, too.
        if (ReferenceCodec.TryWriteReferenceField(ref writer, fieldIdDelta, expectedType!, value)) return;
        writer.WriteFieldHeader(fieldIdDelta, expectedType, typeof(ParameterVector), WireType.LengthPrefixed);
        Write(ref writer, value, 0, value.Length);
    }

    /// <inheritdoc/>
    public ParameterVector? ReadValue<TInput>(ref Reader<TInput> reader, Field field)
    {
        if (field.WireType == WireType.Reference) return ReferenceCodec.ReadReference<ParameterVector, TInput>(ref reader, field);
        var vector = Read(ref reader, field);
        ReferenceCodec.RecordObject(reader.Session, vector);
        return vector;
    }

    /// <inheritdoc/>
    public ParameterVector? DeepCopy(ParameterVector? input, CopyContext context) => input;

    /// <inheritdoc/>
    public bool IsShallowCopyable() => true;

    /// <inheritdoc/>
    public object? DeepCopy(object? input, CopyContext context) => input;

    /// <summary>Writes part of a vector, behind a field header.</summary>
    internal static void Write<TBufferWriter>(ref Writer<TBufferWriter> writer, ParameterVector vector, int offset, int length)
        where TBufferWriter : IBufferWriter<byte>
    {
        if (length > MaxLength) throw new SerializerException($"vector length = {length}: must be at most {MaxLength}");

        // Its owner may return it meanwhile.
        var held = vector.Share();
        try
        {
            writer.WriteVarUInt32((uint)length * sizeof(float));
            if (writer.Output is IVectorOutput output)
            {
                writer.Commit();
                output.Append(held, offset, length);
            }
            else
            {
                writer.Write(MemoryMarshal.AsBytes(held.Span.Slice(offset, length)));
            }
        }
        finally
        {
            held.Return();
            if (vector.Passage == VectorPassage.Sent) vector.Return();
        }
    }

    /// <summary>Reads what <see cref="Write"/> wrote into a rented vector, which belongs to whoever receives the message.</summary>
    internal static ParameterVector Read<TInput>(ref Reader<TInput> reader, Field field)
    {
        if (field.WireType != WireType.LengthPrefixed) throw new SerializerException($"vector wire type = {field.WireType}: must be {WireType.LengthPrefixed}");

        // Checked before anything is allocated: the sender may be hostile.
        var bytes = reader.ReadVarUInt32();
        if (bytes % sizeof(float) != 0 || bytes / sizeof(float) > MaxLength) throw new SerializerException($"vector bytes = {bytes}: must be a multiple of {sizeof(float)} and at most {(long)MaxLength * sizeof(float)}");
        if (bytes > reader.Length - reader.Position) throw new SerializerException($"vector bytes = {bytes}: must be at most the {reader.Length - reader.Position} that follow");

        var vector = ParameterVector.Rent((int)(bytes / sizeof(float)), VectorPassage.Received);
        reader.ReadBytes(MemoryMarshal.AsBytes(vector.Span));
        return vector;
    }
}
