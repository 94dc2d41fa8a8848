namespace Basgd.Learning.Data;

/// <summary>Where data are looked for and how they may be fetched.</summary>
public sealed record DataOptions
{
    /// <summary>Looked into first (<c>--data</c>): holds the files themselves or a folder named like the data set. Default: none.</summary>
    public string? Directory { get; init; }

    /// <summary>Whether missing data may be downloaded. Default: true.</summary>
    public bool Download { get; init; } = true;

    /// <summary>How long the official source may take to accept a connection before the next is tried. Default: 5 seconds.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Told what is being looked for, fetched and found. Default: nobody.</summary>
    public IProgress<DataProgress>? Progress { get; init; }

    internal DataEnvironment Environment { get; init; } = new();

    internal void Report(string message, long? received = null, long? total = null) =>
        Progress?.Report(new DataProgress(message, received, total));
}

/// <param name="Message">What is going on, for people.</param>
/// <param name="Received">Bytes so far, where a download is what is going on.</param>
/// <param name="Total">Bytes in all, where that is known.</param>
public sealed record DataProgress(string Message, long? Received = null, long? Total = null);
