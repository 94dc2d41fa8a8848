using TorchSharp;

namespace Basgd.Learning.Models;

/// <summary>
/// A language model's architecture. Its module maps windows of words (windows, words) to logits of the next word (windows, words,
/// vocabulary), starting each window afresh, and must draw nothing at random in its forward pass if runs are to be repeatable.
/// </summary>
/// <param name="Name">What a job's <c>model</c> says.</param>
/// <param name="Summary">One line for people.</param>
/// <param name="Create">Builds a replica for a vocabulary of so many words.</param>
public sealed record LanguageModel(string Name, string Summary, Func<int, torch.nn.Module<torch.Tensor, torch.Tensor>> Create);
