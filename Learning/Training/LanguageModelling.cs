using System.Runtime.InteropServices;
using Basgd.Learning.Data.Texts;
using static TorchSharp.torch;

namespace Basgd.Learning.Training;

/// <summary>
/// Learns the next word of a text by cross-entropy. An example is a window of so many consecutive words, and the model starts
/// afresh in each: workers that are asynchronous and keep no state cannot carry it from one window to the next. A worker's share
/// is one contiguous piece of the text, cut into windows that do not overlap.
/// </summary>
internal sealed class LanguageModelling : IObjective
{
    private const int EvaluationBatch = 20;

    private readonly nn.Module<Tensor, Tensor> _module;
    private readonly Device _device;
    private readonly Text _text;
    private readonly int _length;
    private readonly LearnerSettings _settings;
    private readonly Batches _batches;
    private readonly int[] _windows;

    /// <param name="module">Maps windows (windows, words) to logits of the next word (windows, words, vocabulary).</param>
    /// <param name="length">Words in a window.</param>
    public LanguageModelling(nn.Module<Tensor, Tensor> module, Device device, Text text, int length, LearnerSettings settings)
    {
        (_module, _device, _text, _length, _settings) = (module, device, text, length, settings);
        _batches = new Batches(settings.Seed, Shards.Contiguous(Windows(text.Training, length), settings.Workers));
        _windows = new int[settings.BatchSize];
        if (Windows(text.HeldOut, length) == 0) throw new ArgumentException($"{text.HeldOut.Length} held-out words make no window of {length} and the word that comes next.", nameof(text));
    }

    public int Workers => _batches.Workers;

    /// <summary>How many windows there are in some words: each word of a window needs the one that comes next.</summary>
    public static int Windows(int[] words, int length) => (words.Length - 1) / length;

    public Tensor Loss(int worker, long sequence)
    {
        _batches.Fill(worker, sequence, _windows);
        var (words, next) = Batch(_text.Training, _windows);
        if (_settings.FlipsLabels(worker)) next = _text.Vocabulary.Count - 1 - next;
        return nn.functional.cross_entropy(_module.call(words).flatten(0, 1), next);
    }

    public Evaluation Evaluate()
    {
        _module.eval();
        var (loss, right) = (0.0, 0L);
        var windows = Enumerable.Range(0, Windows(_text.HeldOut, _length)).ToArray();
        foreach (var some in windows.Chunk(EvaluationBatch))
        {
            using var scope = NewDisposeScope();
            var (words, next) = Batch(_text.HeldOut, some);
            var logits = _module.call(words).flatten(0, 1);
            loss += nn.functional.cross_entropy(logits, next).item<float>() * (double)some.Length;
            right += logits.argmax(1).eq(next).sum().item<long>();
        }
        var count = (long)windows.Length * _length;
        loss /= windows.Length;
        return new Evaluation(loss, (double)right / count, count, Perplexity: Math.Exp(loss));
    }

    /// <summary>Words (windows, words) and, in one row, the words that come after each.</summary>
    private (Tensor Words, Tensor Next) Batch(int[] text, ReadOnlySpan<int> windows)
    {
        var words = empty(windows.Length, _length, ScalarType.Int64, CPU);
        var next = empty(windows.Length * _length, ScalarType.Int64, CPU);
        Copy(words, text, windows, 0);
        Copy(next, text, windows, 1);
        return (words.to(_device), next.to(_device));
    }

    private void Copy(Tensor target, int[] text, ReadOnlySpan<int> windows, int ahead)
    {
        var values = MemoryMarshal.Cast<byte, long>(target.bytes);
        for (var i = 0; i < values.Length; i++) values[i] = text[windows[i / _length] * _length + i % _length + ahead];
    }
}
