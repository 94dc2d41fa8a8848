using static TorchSharp.torch;

namespace Basgd.Learning.Training;

/// <summary>
/// What a module learns from which data. Both answers are about the parameters that the module holds at the time, and otherwise
/// functions of their arguments and the settings. Not thread-safe.
/// </summary>
internal interface IObjective
{
    /// <summary>Number of workers m that share the training data.</summary>
    int Workers { get; }

    /// <summary>Mean loss over the batch that belongs to (seed, worker, sequence), a scalar to differentiate.</summary>
    Tensor Loss(int worker, long sequence);

    /// <summary>Judges the module on the held-out examples; gradients are switched off.</summary>
    Evaluation Evaluate();
}
