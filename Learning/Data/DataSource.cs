namespace Basgd.Learning.Data;

/// <summary>Data that are read once and then shared by every workload and learner made on this object.</summary>
/// <param name="name">What a job's <c>dataset</c> says.</param>
/// <param name="summary">One line for people.</param>
public abstract class DataSource<T>(string name, string summary)
{
    private Shared<T>? _content;

    public string Name { get; } = name;

    public string Summary { get; } = summary;

    /// <summary>The data; read at the first call, and again after a call that failed.</summary>
    /// <exception cref="WorkloadUnavailableException">They cannot be had.</exception>
    public Task<T> LoadAsync(CancellationToken cancellation = default) =>
        LazyInitializer.EnsureInitialized(ref _content, () => new Shared<T>(ReadAsync, keep: true)).GetAsync(cancellation);

    /// <summary>Reads the data; called by <see cref="LoadAsync"/>, by one caller at a time.</summary>
    protected abstract Task<T> ReadAsync();
}
