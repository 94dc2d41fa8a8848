namespace Basgd.Simulator;

/// <summary>How far a simulation has come, in one of its measures.</summary>
public readonly record struct Amount(double Value, Measure Measure)
{
    public static Amount Epochs(double value) => new(value, Measure.Epochs);

    public static Amount Gradients(double value) => new(value, Measure.Gradients);

    public static Amount Steps(double value) => new(value, Measure.Steps);

    public static Amount Seconds(double value) => new(value, Measure.Seconds);

    public override string ToString() => FormattableString.Invariant($"{Value} {Measure}");
}

/// <summary>What is counted.</summary>
public enum Measure
{
    /// <summary>
    /// Gradients that went into steps, or that a filter of the server's kept out, times the batch, over the size of the training set:
    /// as a job counts, and as the paper counts Kardam's.
    /// </summary>
    Epochs,

    /// <summary>Gradients that arrived at the server.</summary>
    Gradients,

    /// <summary>SGD steps.</summary>
    Steps,

    /// <summary>Virtual seconds.</summary>
    Seconds,
}
