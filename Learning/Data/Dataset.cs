namespace Basgd.Learning.Data;

/// <param name="Training">What gradients are taken of.</param>
/// <param name="Test">Held out for evaluation.</param>
public sealed record Split(IExamples Training, IExamples Test);

/// <summary>
/// A labelled data set. To bring your own, derive from this and say how many training examples there are and how to read them;
/// what is read is kept and shared by every workload and learner made on this object.
/// </summary>
/// <param name="name">What a job's <c>dataset</c> says.</param>
/// <param name="summary">One line for people.</param>
/// <param name="shape">Of one example.</param>
/// <param name="classes">Number of labels.</param>
public abstract class Dataset(string name, string summary, ExampleShape shape, int classes)
{
    private Shared<Split>? _split;

    public string Name { get; } = name;

    public string Summary { get; } = summary;

    public ExampleShape Shape { get; } = shape;

    public int Classes { get; } = classes;

    /// <summary>Number of training examples. Makes sure that the data are there; does not read them.</summary>
    /// <exception cref="WorkloadUnavailableException">The data cannot be had.</exception>
    public abstract ValueTask<long> CountTrainingAsync(CancellationToken cancellation = default);

    /// <summary>The examples; read at the first call, and again after a call that failed.</summary>
    /// <exception cref="WorkloadUnavailableException">The data cannot be had.</exception>
    public Task<Split> LoadAsync(CancellationToken cancellation = default) =>
        LazyInitializer.EnsureInitialized(ref _split, () => new Shared<Split>(ReadAsync, keep: true)).GetAsync(cancellation);

    /// <summary>Reads the examples; called by <see cref="LoadAsync"/>, by one caller at a time.</summary>
    protected abstract Task<Split> ReadAsync();
}
