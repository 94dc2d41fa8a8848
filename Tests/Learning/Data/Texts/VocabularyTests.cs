using Basgd.Learning.Data.Texts;
using CsCheck;

namespace Basgd.Learning.Tests.Data.Texts;

public class VocabularyTests
{
    private static readonly string[] _words = ["the", "cat", "the", "<unk>", "a", "cat", "the", "b", "<unk>", "<unk>", "<unk>"];

    [Fact]
    public void NumbersWordsByFallingFrequencyAndKnowsAllOfTraining()
    {
        var vocabulary = Vocabulary.Of(_words);
        vocabulary.Words.ShouldBe(["<unk>", "the", "cat", "a", "b"]);
        vocabulary.Encode(["b", "the", "dog", "<unk>"]).ShouldBe([4, 1, 0, 0]);
    }

    [Fact]
    public void RareWordsAreUnknown() => Vocabulary.Of(_words, minimumCount: 2).Words.ShouldBe(["<unk>", "the", "cat"]);

    [Fact]
    public void TheMostFrequentWordsAreKept() => Vocabulary.Of(_words, mostWords: 1).Words.ShouldBe(["<unk>", "the"]);

    [Fact]
    public void HeldOutWordsAreNotLearned()
    {
        var text = Text.Of(["x", "y", "x"], ["z", "x"]);
        text.Vocabulary.Count.ShouldBe(3);
        text.Training.ShouldBe([1, 2, 1]);
        text.HeldOut.ShouldBe([0, 1]);
    }

    [Fact]
    public void DoesNotDependOnTheOrderOfTheWords() =>
        Gen.Shuffle(_words).Sample(words => Vocabulary.Of(words).Words.ShouldBe(Vocabulary.Of(_words).Words), iter: 50);
}
