using System.IO.Compression;
using System.Text;
using Basgd.Learning.Data;
using Basgd.Learning.Data.Texts;

namespace Basgd.Learning.Tests.Data.Texts;

public sealed class WikiText2Tests : IDisposable
{
    private readonly TemporaryData _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task WordsStandBetweenSpacesAndEachLineEnds()
    {
        Write("wiki.train.tokens", " \n = Valkyria <unk> = \n \n the sword , the @-@ <unk>\n");
        Write("wiki.test.tokens", " the Sword \n");
        var text = await new WikiText2(_files.Options).LoadAsync(TestContext.Current.CancellationToken);
        string[] Words(int[] numbers) => [.. numbers.Select(number => text.Vocabulary.Words[number])];
        Words(text.Training).ShouldBe(["<eos>", "=", "Valkyria", "<unk>", "=", "<eos>", "<eos>", "the", "sword", ",", "the", "@-@", "<unk>", "<eos>"]);
        Words(text.HeldOut).ShouldBe(["the", "<unk>", "<eos>"]);
    }

    [Fact]
    public async Task SaysWhichFileIsBrokenAndWhy()
    {
        Write("wiki.train.tokens", "some words\n");
        _files.Write("wiki.test.tokens", [0x77, 0xC3, 0x28, 0x0A]);
        (await Complaint()).ShouldContain($"{_files.PathOf("wiki.test.tokens")} is not UTF-8");
        Write("wiki.test.tokens", "\n\n");
        (await Complaint()).ShouldContain($"{_files.PathOf("wiki.test.tokens")} holds no words");
        File.Delete(_files.PathOf("wiki.test.tokens"));
        (await Complaint()).ShouldContain("put wiki.train.tokens, wiki.test.tokens into a folder");
    }

    [Fact]
    public async Task TheArchiveMayLieUnpackedWhereDataAreLookedFor()
    {
        var archive = _files.PathOf("archive.zip");
        using (var zip = await ZipFile.OpenAsync(archive, ZipArchiveMode.Create, TestContext.Current.CancellationToken))
        {
            foreach (var name in (string[])["wiki.train.tokens", "wiki.valid.tokens", "wiki.test.tokens"])
            {
                await using var entry = await zip.CreateEntry($"wikitext-2/{name}").OpenAsync(TestContext.Current.CancellationToken);
                await entry.WriteAsync(Encoding.UTF8.GetBytes("a b c\n"), TestContext.Current.CancellationToken);
            }
        }
        await ZipFile.ExtractToDirectoryAsync(archive, _files.PathOf("."), TestContext.Current.CancellationToken);
        (await new WikiText2(_files.Options).LoadAsync(TestContext.Current.CancellationToken)).Vocabulary.Count.ShouldBe(5);
    }

    private void Write(string name, string content) => _files.Write(name, Encoding.UTF8.GetBytes(content));

    private async Task<string> Complaint() =>
        (await Should.ThrowAsync<WorkloadUnavailableException>(() => new WikiText2(_files.Options).LoadAsync(TestContext.Current.CancellationToken))).Message;
}
