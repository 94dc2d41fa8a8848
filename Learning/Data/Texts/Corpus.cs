namespace Basgd.Learning.Data.Texts;

/// <param name="Vocabulary">Taken from the training words alone.</param>
/// <param name="Training">Word numbers in the order of the text.</param>
/// <param name="HeldOut">Likewise, for evaluation.</param>
public sealed record Text(Vocabulary Vocabulary, int[] Training, int[] HeldOut)
{
    /// <summary>Numbers the words of both parts by a vocabulary of the first.</summary>
    public static Text Of(IReadOnlyCollection<string> training, IReadOnlyCollection<string> heldOut, int minimumCount = 1, int mostWords = int.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(heldOut);
        var vocabulary = Vocabulary.Of(training, minimumCount, mostWords);
        return new Text(vocabulary, vocabulary.Encode(training), vocabulary.Encode(heldOut));
    }
}

/// <summary>A text to learn the next word of. To bring your own, derive from this and say how to read it.</summary>
/// <param name="name">What a job's <c>dataset</c> says.</param>
/// <param name="summary">One line for people.</param>
public abstract class Corpus(string name, string summary) : DataSource<Text>(name, summary)
{
    /// <summary>How a text becomes the words of the vocabulary; exported files say it. Default: not said.</summary>
    public virtual string? Tokenisation => null;
}
