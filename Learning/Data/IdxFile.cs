using System.Buffers.Binary;
using System.IO.Compression;

namespace Basgd.Learning.Data;

/// <summary>
/// Reads the IDX format of the MNIST family: two zero bytes, the type code 8 (unsigned bytes), the number of dimensions, each
/// dimension as a big-endian 32-bit number, then the bytes, last dimension fastest. Gzip is recognised by its magic number.
/// </summary>
public static class IdxFile
{
    private const int UnsignedByte = 0x08;
    private const int GzipMagic = 0x1F8B;

    /// <summary>Deflate makes content at most so many times smaller.</summary>
    private const int DeflateLimit = 1_032;

    /// <summary>Dimensions and content of a file.</summary>
    /// <param name="path">The file, with or without gzip.</param>
    /// <param name="rank">Number of dimensions it must have: 1 for labels, 3 for grey images.</param>
    /// <exception cref="InvalidDataException">The file is not what it should be; the message names it and says where it differs.</exception>
    public static (int[] Shape, byte[] Content) Read(string path, int rank)
    {
        using var stream = Open(path);
        return Guard(path, () =>
        {
            var shape = ReadHeader(stream, path, rank);
            var length = shape.Aggregate(1L, (product, size) => product * size);
            Announced(path, shape, length);
            if (length > Array.MaxLength) throw Broken(path, $"says it holds {string.Join('x', shape)} bytes, more than fit in memory");
            var content = new byte[length];
            var got = stream.ReadAtLeast(content, content.Length, throwOnEndOfStream: false);
            if (got < content.Length) throw Broken(path, $"is cut short: {got} bytes of content where {string.Join('x', shape)} = {length} were announced");
            if (stream.ReadByte() >= 0) throw Broken(path, $"goes on after the {length} bytes of content that were announced");
            return (shape, content);
        });
    }

    /// <summary>Dimensions only, from the first few bytes.</summary>
    /// <inheritdoc cref="Read"/>
    public static int[] ReadShape(string path, int rank)
    {
        using var stream = Open(path);
        return Guard(path, () => ReadHeader(stream, path, rank));
    }

    private static Stream Open(string path)
    {
        var file = File.OpenRead(path);
        Span<byte> magic = stackalloc byte[2];
        var got = file.ReadAtLeast(magic, 2, throwOnEndOfStream: false);
        file.Position = 0;
        return got == 2 && BinaryPrimitives.ReadUInt16BigEndian(magic) == GzipMagic
            ? new GZipStream(file, CompressionMode.Decompress)
            : new BufferedStream(file);
    }

    private static int[] ReadHeader(Stream stream, string path, int rank)
    {
        var header = new byte[4 + 4 * rank];
        var got = stream.ReadAtLeast(header, header.Length, throwOnEndOfStream: false);
        if (got < 4) throw Broken(path, $"is {got} bytes long, too short for IDX");
        var expected = (UnsignedByte << 8) | rank;
        var magic = BinaryPrimitives.ReadInt32BigEndian(header);
        if (magic != expected)
        {
            var hint = BinaryPrimitives.ReverseEndianness(magic) == expected ? "; its bytes are in the opposite order, little-endian" : "";
            throw Broken(path, $"starts with 0x{magic:X8}, not with 0x{expected:X8} (IDX, unsigned bytes, {rank} dimension{(rank == 1 ? "" : "s")}){hint}");
        }

        if (got < header.Length) throw Broken(path, "ends within its header");
        var shape = new int[rank];
        for (var i = 0; i < rank; i++)
        {
            shape[i] = BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(4 + 4 * i));
            if (shape[i] <= 0) throw Broken(path, $"announces dimension {i} to be {shape[i]}");
        }
        return shape;
    }

    /// <summary>A header that announces more than its file can hold must not cost that much memory.</summary>
    private static void Announced(string path, int[] shape, long length)
    {
        var limit = new FileInfo(path).Length * DeflateLimit;
        if (length <= limit) return;
        var swapped = shape.Select(BinaryPrimitives.ReverseEndianness).ToArray();
        var hint = swapped.All(static size => size > 0) && swapped.Aggregate(1L, static (product, size) => product * size) <= limit
            ? $"; read as little-endian it would be {string.Join('x', swapped)}, but IDX numbers are big-endian"
            : "";
        throw Broken(path, $"says it holds {string.Join('x', shape)} bytes, more than the file can hold or than fit in memory{hint}");
    }

    // Gzip's own complaints do not say which file they are about.
    private static T Guard<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception broken) when (broken is InvalidDataException or EndOfStreamException && !broken.Message.Contains(path, StringComparison.Ordinal))
        {
            throw new InvalidDataException($"{path} is damaged: {broken.Message}", broken);
        }
    }

    private static InvalidDataException Broken(string path, string how) => new($"{path} {how}.");
}
