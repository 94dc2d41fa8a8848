using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Basgd.Silo.Storage;

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

    /// <summary>Writes the header for a payload that lies behind it in the same block.</summary>
    public static void Seal(Span<byte> block, int dimension, long step)
    {
        Magic.CopyTo(block);
        BinaryPrimitives.WriteInt32LittleEndian(block[8..], dimension);
        BinaryPrimitives.WriteInt32LittleEndian(block[12..], 0);
        BinaryPrimitives.WriteInt64LittleEndian(block[16..], step);
        BinaryPrimitives.WriteInt64LittleEndian(block[24..], block.Length - HeaderBytes);
        Checksum(block, block[Described..HeaderBytes]);
    }

    /// <summary>The payload, or why there is none.</summary>
    public static bool TryOpen(ReadOnlyMemory<byte> block, out ReadOnlyMemory<byte> payload, out string problem)
    {
        payload = default;
        problem = Check(block.Span);
        if (problem.Length > 0) return false;
        payload = block[HeaderBytes..];
        return true;
    }

    private static string Check(ReadOnlySpan<byte> block)
    {
        if (block.Length < HeaderBytes) return $"it has {block.Length} bytes, fewer than a header";
        if (!block.StartsWith(Magic)) return "it does not start with the magic bytes of this format version";
        var length = BinaryPrimitives.ReadInt64LittleEndian(block[24..]);
        if (length != block.Length - HeaderBytes) return $"its payload has {block.Length - HeaderBytes} bytes, not {length}";
        Span<byte> checksum = stackalloc byte[SHA256.HashSizeInBytes];
        Checksum(block, checksum);
        return block[Described..HeaderBytes].SequenceEqual(checksum) ? "" : "its checksum does not match";
    }

    private static void Checksum(ReadOnlySpan<byte> block, Span<byte> checksum)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(block[..Described]);
        hash.AppendData(block[HeaderBytes..]);
        hash.GetHashAndReset(checksum);
    }
}
