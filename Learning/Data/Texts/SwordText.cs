using System.Buffers.Binary;
using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace Basgd.Learning.Data.Texts;

/// <summary>
/// Reads a text of the SWORD project compressed by books (driver zText, markup OSIS). The .bzs file has twelve bytes for each block,
/// three little-endian 32-bit numbers: where it starts in the .bzz file, its length there, and its length unpacked by zlib.
/// </summary>
internal static partial class SwordText
{
    private const int Entry = 12;

    /// <summary>The plain text of each block, without titles, footnotes and markup.</summary>
    /// <exception cref="InvalidDataException">A file is not what it should be; the message names it and says where it differs.</exception>
    public static IEnumerable<string> ReadBooks(string index, string content)
    {
        var (entries, packed) = (File.ReadAllBytes(index), File.ReadAllBytes(content));
        if (entries.Length == 0 || entries.Length % Entry != 0)
            throw new InvalidDataException($"{index} is {entries.Length} bytes long, not a whole number of entries of {Entry} bytes.");
        return entries.Chunk(Entry).Select((entry, block) => Plain(Unpack(entry, block, packed, content)));
    }

    private static string Unpack(ReadOnlySpan<byte> entry, int block, byte[] packed, string path)
    {
        uint Number(ReadOnlySpan<byte> from, int which) => BinaryPrimitives.ReadUInt32LittleEndian(from[(4 * which)..]);
        var (start, length, size) = (Number(entry, 0), Number(entry, 1), Number(entry, 2));
        if (start + (long)length > packed.Length)
            throw new InvalidDataException($"{path} is cut short: it is {packed.Length} bytes long, and block {block} ends at {start + (long)length}.");
        try
        {
            using var zlib = new ZLibStream(new MemoryStream(packed, (int)start, (int)length), CompressionMode.Decompress);
            using var text = new MemoryStream();
            zlib.CopyTo(text);
            if (text.Length != size) throw new InvalidDataException($"it holds {text.Length} bytes where {size} were announced");
            return Encoding.UTF8.GetString(text.GetBuffer().AsSpan(0, (int)text.Length));
        }
        catch (InvalidDataException broken)
        {
            throw new InvalidDataException($"{path}: block {block} is damaged: {broken.Message}.", broken);
        }
    }

    // The markup is no well-formed XML: verses and quotations overlap, and books close tags that other blocks open.
    private static string Plain(string osis) =>
        WebUtility.HtmlDecode(Tag().Replace(InlineTag().Replace(Aside().Replace(osis, " "), ""), " "));

    [GeneratedRegex(@"<(note|title)\b[^>]*(?<!/)>.*?</\1>", RegexOptions.Singleline)]
    private static partial Regex Aside();

    [GeneratedRegex(@"</?(?:w|transChange|divineName|seg|hi|q)\b[^>]*>")]
    private static partial Regex InlineTag();

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tag();
}
