namespace Basgd.Learning.Data;

/// <param name="Training">What gradients are taken of.</param>
/// <param name="Test">Held out for evaluation.</param>
public sealed record Split(IExamples Training, IExamples Test);

/// <summary>A set of labelled images. To bring your own, derive from this and say how many training examples there are and how to read them.</summary>
/// <param name="name">What a job's <c>dataset</c> says.</param>
/// <param name="summary">One line for people.</param>
/// <param name="shape">Of one example.</param>
/// <param name="classes">Number of labels.</param>
public abstract class Dataset(string name, string summary, ExampleShape shape, int classes) : DataSource<Split>(name, summary)
{
    public ExampleShape Shape { get; } = shape;

    public int Classes { get; } = classes;

    /// <summary>How pixels are normalised, by channel; exported files say it. Default: not said.</summary>
    public virtual IReadOnlyList<PixelScale>? Scales => null;

    /// <summary>What each label means, in their order; exported files say it. Default: not said.</summary>
    public virtual IReadOnlyList<string>? ClassNames => null;

    /// <summary>What is done to training images before a gradient is taken of them. Default: nothing.</summary>
    public virtual CropAndFlip? Augmentation => null;

    /// <summary>Number of training examples. Makes sure that the data are there; does not read them.</summary>
    /// <exception cref="WorkloadUnavailableException">The data cannot be had.</exception>
    public abstract ValueTask<long> CountTrainingAsync(CancellationToken cancellation = default);
}
