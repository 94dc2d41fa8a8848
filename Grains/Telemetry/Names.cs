namespace Basgd.Grains.Telemetry;

/// <summary>What the service's telemetry is called by those who collect it.</summary>
public static class Names
{
    /// <summary>Name of the meter and of the activity source.</summary>
    public const string Source = "Basgd";

    /// <summary>Attribute: the job's name.</summary>
    public const string Job = "basgd.job";

    /// <summary>Attribute: index of a buffer, 0 … B − 1.</summary>
    public const string Buffer = "basgd.buffer";

    /// <summary>Attribute: whether a buffer is <c>full</c> or <c>empty</c>.</summary>
    public const string BufferState = "basgd.buffer.state";

    /// <summary>Attribute: <c>accepted</c> or the reason of a refusal.</summary>
    public const string Outcome = "basgd.outcome";

    /// <summary>Attribute: index of a worker, 0 … m − 1.</summary>
    public const string Worker = "basgd.worker";

    /// <summary>Attribute: number of a worker's contribution.</summary>
    public const string Sequence = "basgd.sequence";

    /// <summary>Attribute: steps between the model that a gradient was taken at and the one it is applied to.</summary>
    public const string Staleness = "basgd.staleness";

    /// <summary>Attribute: version of the model that a step starts from.</summary>
    public const string Version = "basgd.version";

    /// <summary>Attribute: contributions in a buffer, N_b, or in a step.</summary>
    public const string Contributions = "basgd.contributions";

    /// <summary>Attribute: what a vector is, <c>gradient</c> or <c>model</c>.</summary>
    public const string Vector = "basgd.vector";

    /// <summary>Attribute: what is stored, <c>model</c> or <c>buffer</c>.</summary>
    public const string State = "basgd.state";

    /// <summary>Attribute: phase of a job.</summary>
    public const string Phase = "basgd.phase";

    /// <summary>Attribute: why a connection was refused.</summary>
    public const string Reason = "basgd.reason";

    /// <summary>Attribute: whose certificate it is, <c>silo</c> or <c>authority</c>.</summary>
    public const string Certificate = "basgd.certificate";

    /// <summary>Attribute, only if something failed: the cause, one of <see cref="Basgd.Contracts.StorageCause"/>.</summary>
    public const string Error = "error.type";

    internal static KeyValuePair<string, object?> Tag(string name, object? value) => new(name, value);

    /// <summary>A value as attributes spell it: <c>TooStale</c> is <c>too_stale</c>.</summary>
    internal static string Snake<T>(T value)
        where T : struct, Enum =>
        string.Concat($"{value}".Select(static (letter, i) => char.IsUpper(letter) ? $"{(i > 0 ? "_" : "")}{char.ToLowerInvariant(letter)}" : $"{letter}"));
}
