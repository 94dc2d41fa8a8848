using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Basgd.Silo.Storage;

/// <summary>What the header of a stored state says of it.</summary>
/// <param name="Dimension">Number of parameters d; 0 where the state holds none.</param>
/// <param name="Step">Step t of a model, round of a buffer; 0 where the state has neither.</param>
public readonly record struct CheckpointHeader(int Dimension, long Step);

/// <summary>A small header before the raw bytes of a state: what it is, how long, and whether it is whole.</summary>
/// <remarks>
/// Little-endian: magic <c>BASGD</c> and format version (8 bytes), d (4), 4 unused, step (8), payload length (8), SHA-256 of
/// the header so far and the payload (32), then the payload.
/// </remarks>
public static class CheckpointFormat
{
    public const int HeaderBytes = Described + SHA256.HashSizeInBytes;
    private const int Described = 32;

    private static ReadOnlySpan<byte> Magic => "BASGD\0\0\u0001"u8;

    /// <summary>Writes the header of a payload.</summary>
    /// <param name="head"><see cref="HeaderBytes"/> of them, to be stored before the payload.</param>
    public static void Seal(Span<byte> head, ReadOnlySequence<byte> payload, CheckpointHeader header)
    {
        Magic.CopyTo(head);
        BinaryPrimitives.WriteInt32LittleEndian(head[8..], header.Dimension);
        BinaryPrimitives.WriteInt32LittleEndian(head[12..], 0);
        BinaryPrimitives.WriteInt64LittleEndian(head[16..], header.Step);
        BinaryPrimitives.WriteInt64LittleEndian(head[24..], payload.Length);
        Checksum(head[..Described], payload, head[Described..]);
    }

    /// <summary>Opens a block of header and payload that <see cref="Seal"/> made, if nothing happened to it since.</summary>
    /// <param name="problem">Why it cannot be opened; empty where it can.</param>
    public static bool TryOpen(ReadOnlyMemory<byte> block, out CheckpointHeader header, out ReadOnlyMemory<byte> payload, out string problem)
    {
        (header, payload) = (default, default);
        problem = Problem(block);
        if (problem.Length > 0) return false;
        header = new CheckpointHeader(BinaryPrimitives.ReadInt32LittleEndian(block.Span[8..]), BinaryPrimitives.ReadInt64LittleEndian(block.Span[16..]));
        payload = block[HeaderBytes..];
        return true;
    }

    private static string Problem(ReadOnlyMemory<byte> block)
    {
        if (block.Length < HeaderBytes) return $"it has {block.Length} bytes, fewer than the {HeaderBytes} of a header";
        if (!block.Span.StartsWith(Magic)) return "it does not start with the magic bytes of this format version";
        var length = BinaryPrimitives.ReadInt64LittleEndian(block.Span[24..]);
        if (length != block.Length - HeaderBytes) return $"its payload has {block.Length - HeaderBytes} bytes, not {length}";
        Span<byte> checksum = stackalloc byte[SHA256.HashSizeInBytes];
        Checksum(block.Span[..Described], new ReadOnlySequence<byte>(block[HeaderBytes..]), checksum);
        return block.Span[Described..HeaderBytes].SequenceEqual(checksum) ? "" : "its checksum does not match";
    }

    private static void Checksum(ReadOnlySpan<byte> described, ReadOnlySequence<byte> payload, Span<byte> checksum)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(described);
        foreach (var part in payload) hash.AppendData(part.Span);
        hash.GetHashAndReset(checksum);
    }
}
