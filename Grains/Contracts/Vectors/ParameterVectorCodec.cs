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
/// <c>float[]</c> members are written, costs twenty times the time. Inside a silo a vector is passed on, not copied.
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
        if (value.Length > MaxLength) throw new SerializerException($"vector length = {value.Length}: must be at most {MaxLength}");
        writer.WriteFieldHeader(fieldIdDelta, expectedType, typeof(ParameterVector), WireType.LengthPrefixed);
        writer.WriteVarUInt32((uint)value.Length * sizeof(float));
        writer.Write(MemoryMarshal.AsBytes(value.Span));
    }

    /// <inheritdoc/>
    public ParameterVector? ReadValue<TInput>(ref Reader<TInput> reader, Field field)
    {
        if (field.WireType == WireType.Reference) return ReferenceCodec.ReadReference<ParameterVector, TInput>(ref reader, field);
        if (field.WireType != WireType.LengthPrefixed) throw new SerializerException($"vector wire type = {field.WireType}: must be {WireType.LengthPrefixed}");

        // Checked before anything is allocated: the sender may be hostile.
        var bytes = reader.ReadVarUInt32();
        if (bytes % sizeof(float) != 0 || bytes / sizeof(float) > MaxLength) throw new SerializerException($"vector bytes = {bytes}: must be a multiple of {sizeof(float)} and at most {(long)MaxLength * sizeof(float)}");
        if (bytes > reader.Length - reader.Position) throw new SerializerException($"vector bytes = {bytes}: must be at most the {reader.Length - reader.Position} that follow");

        var vector = ParameterVector.Rent((int)(bytes / sizeof(float)));
        reader.ReadBytes(MemoryMarshal.AsBytes(vector.Span));
        ReferenceCodec.RecordObject(reader.Session, vector);
        return vector;
    }

    /// <inheritdoc/>
    public ParameterVector? DeepCopy(ParameterVector? input, CopyContext context) => input;

    /// <inheritdoc/>
    public bool IsShallowCopyable() => true;

    /// <inheritdoc/>
    public object? DeepCopy(object? input, CopyContext context) => input;
}
