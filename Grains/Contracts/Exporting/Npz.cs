using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using System.Text.Json;

namespace Basgd.Contracts.Exporting;

/// <summary>
/// NumPy's npz: a zip archive with one .npy file (format 1.0) a tensor, and metadata.json, which NumPy gives as bytes.
/// https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
/// </summary>
public static class Npz
{
    /// <summary>The entry that says how to use the others.</summary>
    public const string Metadata = "metadata.json";

    /// <summary>The header's length is a multiple of this, so that the data can be mapped.</summary>
    private const int Alignment = 64;

    /// <summary>The same weights make the same file; no zip entry is older than 1980.</summary>
    private static readonly DateTimeOffset Epoch = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', 1, 0];

    public static void Write(Stream stream, Weights weights)
    {
        using var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        foreach (var (tensor, offset, length) in weights.Slices())
        {
            // Trained weights hardly compress, and stored ones can be mapped.
            var entry = archive.CreateEntry($"{tensor.Name}.npy", CompressionLevel.NoCompression);
            entry.LastWriteTime = Epoch;
            using var file = entry.Open();
            file.Write(Header(tensor.Shape));
            file.Write(weights.Bytes, offset, length);
        }

        var metadata = archive.CreateEntry(Metadata, CompressionLevel.Optimal);
        metadata.LastWriteTime = Epoch;
        using var text = metadata.Open();
        JsonSerializer.Serialize(text, weights.Metadata);
    }

    private static byte[] Header(IReadOnlyList<long> shape)
    {
        // A tuple of one is written (n,), as Python does.
        var tuple = shape.Count == 1 ? $"({shape[0]},)" : $"({string.Join(", ", shape)})";
        var text = $"{{'descr': '<f4', 'fortran_order': False, 'shape': {tuple}, }}";
        var fixedLength = Magic.Length + sizeof(ushort);
        var total = (fixedLength + text.Length + 1 + Alignment - 1) / Alignment * Alignment;
        var header = new byte[total];
        Magic.CopyTo(header);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(Magic.Length), checked((ushort)(total - fixedLength)));
        Encoding.ASCII.GetBytes($"{text.PadRight(total - fixedLength - 1)}\n", header.AsSpan(fixedLength));
        return header;
    }
}
