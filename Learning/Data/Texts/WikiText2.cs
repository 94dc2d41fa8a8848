using System.Text;

namespace Basgd.Learning.Data.Texts;

/// <summary>
/// WikiText-2 (Merity et al., 2016): two million words of Wikipedia articles, with rare words replaced by their authors. Words stand
/// between spaces, and each line ends with one more, <c>&lt;eos&gt;</c>. V = 33,278; the test file is held out.
/// </summary>
public sealed class WikiText2(DataOptions options) : Corpus("wikitext-2", "WikiText-2: 2 million words of Wikipedia articles, vocabulary of 33,278")
{
    public const string EndOfLine = "<eos>";

    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    private readonly FileFinder _finder = new(Files, options);

    public override string Tokenisation => $"words stand between blanks, and each line ends with one more, {EndOfLine}; unknown words are number 0";

    private static FileSet Files { get; } = new(
        "wikitext-2",
        [new("wiki.train.tokens"), new("wiki.test.tokens")],
        [new("https://wikitext.smerity.com/"), new("https://s3.amazonaws.com/research.metamind.io/wikitext/")],
        Archive: new("wikitext-2-v1.zip", "92675f1d63015c1c8b51f1656a52d5bdbc33aafa60cc47a218a66e7ee817488c", "wikitext-2"));

    protected override async Task<Text> ReadAsync()
    {
        var paths = await _finder.FindAsync(CancellationToken.None);
        return DataFiles.Checked(Name, () => Text.Of(Read(paths[0]), Read(paths[1])));
    }

    private static List<string> Read(string path)
    {
        List<string> words = [];
        try
        {
            foreach (var line in File.ReadLines(path, Strict))
            {
                words.AddRange(line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
                words.Add(EndOfLine);
            }
        }
        catch (DecoderFallbackException broken)
        {
            throw new InvalidDataException($"{path} is not UTF-8: {broken.Message}", broken);
        }
        if (words.All(word => word == EndOfLine)) throw new InvalidDataException($"{path} holds no words.");
        return words;
    }
}
