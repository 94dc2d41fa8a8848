namespace Basgd.Learning.Data.Texts;

/// <summary>The words that a model knows, numbered by falling frequency; all others are <see cref="Unknown"/>, which is number 0.</summary>
public sealed class Vocabulary
{
    public const string Unknown = "<unk>";

    private readonly string[] _words;
    private readonly Dictionary<string, int> _numbers;

    private Vocabulary(string[] words)
    {
        _words = words;
        _numbers = words.Index().ToDictionary(entry => entry.Item, entry => entry.Index, StringComparer.Ordinal);
    }

    /// <summary>Number of words V, with the unknown one.</summary>
    public int Count => _words.Length;

    public IReadOnlyList<string> Words => _words;

    public int this[string word] => _numbers.GetValueOrDefault(word);

    /// <summary>The words of a training text that are frequent enough; of equally frequent ones the first by code points.</summary>
    /// <param name="training">Word by word.</param>
    /// <param name="minimumCount">How often a word must occur to be known; at least 1.</param>
    /// <param name="mostWords">Most words that are known besides the unknown one.</param>
    public static Vocabulary Of(IEnumerable<string> training, int minimumCount = 1, int mostWords = int.MaxValue)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(minimumCount, 1);
        var known = training.CountBy(word => word, StringComparer.Ordinal)
            .Where(entry => entry.Value >= minimumCount && entry.Key != Unknown)
            .OrderByDescending(entry => entry.Value).ThenBy(entry => entry.Key, StringComparer.Ordinal)
            .Take(mostWords);
        return new Vocabulary([Unknown, .. known.Select(entry => entry.Key)]);
    }

    /// <summary>The numbers of words.</summary>
    public int[] Encode(IEnumerable<string> words) => [.. words.Select(word => this[word])];
}
