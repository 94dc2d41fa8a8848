using Basgd.Learning.Data;
using TorchSharp;

namespace Basgd.Learning.Models;

/// <summary>
/// A classifier's architecture. Its module maps a batch (examples, channels, height, width) to logits (examples, classes), and
/// must draw nothing at random in its forward pass if runs are to be repeatable. The values it is built with do not matter: the
/// initial parameters are a function of the job's seed.
/// </summary>
/// <param name="Name">What a job's <c>model</c> says.</param>
/// <param name="Summary">One line for people.</param>
/// <param name="Create">Builds a replica for examples of a shape and a number of classes; throws ArgumentException for a shape that does not fit.</param>
public sealed record Model(string Name, string Summary, Func<ExampleShape, int, torch.nn.Module<torch.Tensor, torch.Tensor>> Create);
