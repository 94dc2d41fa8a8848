using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Basgd.Learning.Data;
using Basgd.Learning.Data.Texts;

namespace Basgd.Learning.Tests.Data.Texts;

public sealed class KingJamesTests : IDisposable
{
    private const string Verse =
        """
        <milestone n="Genesis"/><div sID="gen2"/><title level="1">The First Book</title><chapter n="1" sID="Gen.1"/> In the
        <w lemma="strong:H7225">beginning</w>, <divineName><w>G</w>od</divineName><note placement="foot">or, <i>made</i></note>created <transChange>the</transChange> man’s
        half-moon &amp; earth: <q marker="“">Yea!</q></q><chapter eID="Gen.1"/>
        """;

    private readonly TemporaryData _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task KeepsWordsAndMarksAndHoldsOutTheEndOfEachBook()
    {
        Write("ot", string.Concat(Enumerable.Repeat(Verse, 10)), "one two three four five six seven eight nine last");
        Write("nt", "");
        var text = await new KingJames(_files.Options).LoadAsync(TestContext.Current.CancellationToken);
        string[] Words(IEnumerable<int> numbers) => [.. numbers.Select(number => text.Vocabulary.Words[number])];
        string[] verse = ["in", "the", "beginning", ",", "god", "created", "the", "man’s", "half-moon", "earth", ":", "yea", "!"];
        text.Training.Length.ShouldBe(9 * verse.Length + 9);
        Words(text.Training.Take(verse.Length)).ShouldBe(verse);
        Words(text.Training.Skip(9 * verse.Length)).ShouldAllBe(word => word == Vocabulary.Unknown, "words of one book that occur once are too rare");
        Words(text.HeldOut).ShouldBe([.. verse, Vocabulary.Unknown]);
    }

    [Fact]
    public async Task SaysWhichFileIsBrokenAndWhy()
    {
        Write("nt", "Amen.");
        Write("ot", Verse);
        var (index, content) = (File.ReadAllBytes(_files.PathOf("ot.bzs")), File.ReadAllBytes(_files.PathOf("ot.bzz")));
        (await Complaint(index[..^1], content)).ShouldContain("ot.bzs is 11 bytes long, not a whole number of entries of 12 bytes");
        (await Complaint([], content)).ShouldContain("ot.bzs is 0 bytes long");
        (await Complaint(index, content[..^1])).ShouldContain($"ot.bzz is cut short: it is {content.Length - 1} bytes long, and block 0 ends at {content.Length}");
        (await Complaint([.. index[..8], 1, 0, 0, 0], content)).ShouldContain("ot.bzz: block 0 is damaged: it holds");
        (await Complaint(index, [1, 2, 3, .. content[3..]])).ShouldContain("ot.bzz: block 0 is damaged");

        async Task<string> Complaint(byte[] newIndex, byte[] newContent)
        {
            _files.Write("ot.bzs", newIndex);
            _files.Write("ot.bzz", newContent);
            return (await Should.ThrowAsync<WorkloadUnavailableException>(() => new KingJames(_files.Options).LoadAsync(TestContext.Current.CancellationToken))).Message;
        }
    }

    [Fact, Trait("category", "slow")]
    public async Task ThePackageHasTheWholeText()
    {
        var text = await new KingJames(new DataOptions()).LoadAsync(TestContext.Current.CancellationToken);
        text.Vocabulary.Count.ShouldBeInRange(5000, 5100);
        (text.Training.Length + text.HeldOut.Length).ShouldBeInRange(900_000, 920_000);
        string.Join(' ', text.Training.Take(11).Select(number => text.Vocabulary.Words[number])).ShouldBe("in the beginning god created the heaven and the earth .");
    }

    /// <summary>The two files of one testament, a block for each book.</summary>
    private void Write(string testament, params string[] books)
    {
        using var content = new MemoryStream();
        using var index = new MemoryStream();
        Span<byte> number = stackalloc byte[4];
        foreach (var book in books)
        {
            var start = content.Length;
            var bytes = Encoding.UTF8.GetBytes(book);
            using (var zlib = new ZLibStream(content, CompressionLevel.Fastest, leaveOpen: true)) zlib.Write(bytes);
            foreach (var value in (uint[])[(uint)start, (uint)(content.Length - start), (uint)bytes.Length])
            {
                BinaryPrimitives.WriteUInt32LittleEndian(number, value);
                index.Write(number);
            }
        }
        _files.Write($"{testament}.bzs", index.ToArray());
        _files.Write($"{testament}.bzz", content.ToArray());
    }
}
