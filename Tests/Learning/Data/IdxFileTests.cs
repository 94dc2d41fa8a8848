using System.Buffers.Binary;
using System.IO.Compression;
using Basgd.Learning.Data;
using CsCheck;

namespace Basgd.Learning.Tests.Data;

public sealed class IdxFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("basgd-idx-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void ReadsWhatWasWritten() =>
        (from shape in Gen.Int[1, 6].Array[3]
         from gzip in Gen.Bool
         from content in Gen.Byte.Array[shape[0] * shape[1] * shape[2]]
         select (shape, gzip, content)).Sample(x =>
        {
            var path = Write(Idx(x.shape, x.content), x.gzip);
            var (shape, content) = IdxFile.Read(path, 3);
            shape.ShouldBe(x.shape);
            content.ShouldBe(x.content);
            IdxFile.ReadShape(path, 3).ShouldBe(x.shape);
        }, iter: 50, threads: 1);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void SaysWhatIsWrong(bool gzip)
    {
        var good = Idx([2, 3], [1, 2, 3, 4, 5, 6]);
        Complaint(good[..^1]).ShouldContain("5 bytes of content where 2x3 = 6");
        Complaint([.. good, 7]).ShouldContain("goes on after the 6 bytes");
        Complaint(good[..6]).ShouldContain("within its header");
        Complaint(good[..3]).ShouldContain("too short");
        Complaint([]).ShouldContain("too short");
        Complaint(Idx([6], [1, 2, 3, 4, 5, 6])).ShouldContain("0x00000801, not with 0x00000802");
        Complaint([0, 0, 0x0D, 2, .. good[4..]]).ShouldContain("0x00000D02");
        Complaint(Idx([2, -3], [])).ShouldContain("dimension 1 to be -3");
        Complaint(Idx([int.MaxValue, int.MaxValue], [])).ShouldContain("fit in memory");

        string Complaint(byte[] file)
        {
            var path = Write(file, gzip);
            var message = Should.Throw<InvalidDataException>(() => IdxFile.Read(path, 2)).Message;
            message.ShouldStartWith(path);
            return message;
        }
    }

    [Fact]
    public void DamagedGzipNamesTheFile()
    {
        var path = Write(Idx([500], [.. Enumerable.Range(0, 500).Select(i => (byte)(i * i))]), gzip: true);
        var bytes = File.ReadAllBytes(path);
        bytes[bytes.Length / 2] ^= 0x55;
        File.WriteAllBytes(path, bytes);
        Should.Throw<InvalidDataException>(() => IdxFile.Read(path, 1)).Message.ShouldStartWith(path);
    }

    internal static byte[] Idx(int[] shape, byte[] content)
    {
        var header = new byte[4 + 4 * shape.Length];
        (header[2], header[3]) = (8, (byte)shape.Length);
        for (var i = 0; i < shape.Length; i++) BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4 + 4 * i), shape[i]);
        return [.. header, .. content];
    }

    internal static byte[] Gzip(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest)) gzip.Write(bytes);
        return packed.ToArray();
    }

    private string Write(byte[] bytes, bool gzip)
    {
        var path = Path.Combine(_folder.FullName, "file-idx-ubyte");
        File.WriteAllBytes(path, gzip ? Gzip(bytes) : bytes);
        return path;
    }
}
