using System.Text.RegularExpressions;

namespace Basgd.Learning.Data.Texts;

/// <summary>
/// The King James Version of the Bible, 900,000 words and punctuation marks of English prose that every Debian mirror has. Words are
/// in lower case, marks are words of their own. The last tenth of each of the 66 books is held out, so both parts are of one kind and
/// no sentence is in both. Known are words that occur five times or more in training, which are some 5,060 and 98.5 % of it.
/// </summary>
public sealed partial class KingJames(DataOptions options) : Corpus("king-james", "King James Bible: 900,000 English words, vocabulary of 5,060; from a Debian package")
{
    private const int MinimumCount = 5;
    private const string Words = @"\p{L}+(?:[-’']\p{L}+)*|[.,;:?!()]";

    private readonly FileFinder _finder = new(Files, options);

    public override string Tokenisation => $"lower case; every match of the regular expression {Words} is a word; unknown words are number 0";

    private static FileSet Files { get; } = new(
        "king-james",
        [new("ot.bzs"), new("ot.bzz"), new("nt.bzs"), new("nt.bzz")],
        [],
        Package: new("sword-text-kjv", "sword/modules/texts/ztext/engKJV2006eb"));

    protected override async Task<Text> ReadAsync()
    {
        var paths = await _finder.FindAsync(CancellationToken.None);
        return DataFiles.Checked(Name, () => Split([.. SwordText.ReadBooks(paths[0], paths[1]), .. SwordText.ReadBooks(paths[2], paths[3])]));
    }

    private static Text Split(IReadOnlyList<string> books)
    {
        List<string> training = [], heldOut = [];
        foreach (var book in books)
        {
            var words = Word().Matches(book.ToLowerInvariant()).Select(match => match.Value).ToArray();
            var cut = words.Length * 9 / 10;
            training.AddRange(words.AsSpan(..cut));
            heldOut.AddRange(words.AsSpan(cut..));
        }
        return Text.Of(training, heldOut, MinimumCount);
    }

    [GeneratedRegex(Words)]
    private static partial Regex Word();
}
