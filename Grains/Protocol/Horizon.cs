using Basgd.Contracts;

namespace Basgd.Protocol;

/// <summary>How far a job has come: epochs, and the end that its spec sets.</summary>
/// <param name="TrainingExamples">Size of the training set, the unit of an epoch.</param>
public sealed record Horizon(JobSpec Spec, long TrainingExamples)
{
    /// <summary>Contributions that went into steps, times the batch, over the size of the training set.</summary>
    public double EpochAt(long gradientsApplied) => (double)gradientsApplied * Spec.Batch / TrainingExamples;

    /// <summary>Whether the requested step or epoch is reached.</summary>
    public bool IsReached(long step, long gradientsApplied) => ProgressAt(step, gradientsApplied) >= 1;

    /// <summary>Share of the requested steps or epochs that is done, 0 … 1.</summary>
    public double ProgressAt(long step, long gradientsApplied) =>
        Math.Clamp(Spec.Steps is { } steps ? (double)step / steps : EpochAt(gradientsApplied) / Spec.EffectiveEpochs!.Value, 0, 1);

    /// <summary>η of the next step.</summary>
    public double LearningRateAt(long gradientsApplied) =>
        LearningRate.At(EpochAt(gradientsApplied), Spec.LearningRate, Spec.DecayFactor, Spec.DecayAtEpochs);
}
