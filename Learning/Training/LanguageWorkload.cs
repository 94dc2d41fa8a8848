using System.Text.Encodings.Web;
using System.Text.Json;
using Basgd.Learning.Data.Texts;
using Basgd.Learning.Models;
using static TorchSharp.torch;

namespace Basgd.Learning.Training;

/// <summary>A language model trained on a text, in windows of <paramref name="length"/> words. To be derived from like <see cref="ClassifierWorkload"/>.</summary>
/// <param name="length">Words in a window, which is one example of a batch. Default: 35, as in the paper.</param>
public class LanguageWorkload(LanguageModel model, Corpus corpus, int length = 35) : TorchWorkload(model.Name, model.Summary, corpus.Name, corpus.Summary)
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public override string? Fault(LearnerSettings settings) =>
        base.Fault(settings) ?? (settings.DirichletAlpha is { } alpha ? $"dirichletAlpha = {alpha}: must be left out, for {Dataset} is a text and has no labels to skew" : null);

    public override async ValueTask CheckDataAsync(CancellationToken cancellation = default)
    {
        var text = await corpus.LoadAsync(cancellation);
        Check("training", text.Training);
        Check("held-out", text.HeldOut);
    }

    private protected override async ValueTask<IReadOnlyDictionary<string, string>> UsageAsync(CancellationToken cancellation)
    {
        var usage = new Dictionary<string, string>
        {
            ["input"] = $"word numbers; trained in windows of {length} words",
            ["output"] = "scores of the next word, by number",
            ["vocabulary"] = JsonSerializer.Serialize((await corpus.LoadAsync(cancellation)).Vocabulary.Words, Readable),
        };
        if (corpus.Tokenisation is { } tokenisation) usage["tokenisation"] = tokenisation;
        return usage;
    }

    private protected override async ValueTask<long> CountTrainingAsync(CancellationToken cancellation) =>
        LanguageModelling.Windows((await corpus.LoadAsync(cancellation)).Training, length);

    private protected override async ValueTask<nn.Module<Tensor, Tensor>> CreateModuleAsync(CancellationToken cancellation) =>
        model.Create((await corpus.LoadAsync(cancellation)).Vocabulary.Count);

    private protected override async ValueTask<IObjective> CreateObjectiveAsync(
        nn.Module<Tensor, Tensor> module, Device device, LearnerSettings settings, CancellationToken cancellation) =>
        new LanguageModelling(module, device, await corpus.LoadAsync(cancellation), length, settings);

    private void Check(string part, int[] words)
    {
        if (LanguageModelling.Windows(words, length) > 0) return;
        var problem = $"{corpus.Name} has {words.Length} {part} words, too few for one window of {length} and the word that comes next.";
        throw new WorkloadUnavailableException(problem) { IsLasting = true };
    }
}
