namespace Basgd.Contracts;

/// <summary>What grains store in cannot be read or written. The message is one line that says which storage and why.</summary>
/// <param name="cause">One of <see cref="StorageCause"/>.</param>
[GenerateSerializer, Alias("basgd.storage-failed")]
public sealed class StorageFailedException(string message, string cause) : OrleansException(message)
{
    /// <summary>One of <see cref="StorageCause"/>.</summary>
    [Id(0)]
    public string Cause { get; } = cause;
}

/// <summary>Why storage failed, in a word; metrics and alerts go by it.</summary>
public static class StorageCause
{
    /// <summary>It did not answer in time.</summary>
    public const string Timeout = "timeout";

    /// <summary>Nothing answers at its address, or it turns connections away.</summary>
    public const string Refused = "refused";

    /// <summary>Another activation wrote meanwhile.</summary>
    public const string Conflict = "conflict";

    /// <summary>It has no room.</summary>
    public const string Full = "full";

    /// <summary>It does not let us in, or not write.</summary>
    public const string Access = "access";

    /// <summary>Anything else, such as damage.</summary>
    public const string Other = "other";
}

/// <summary>A silo cannot compute for a job, because of its data or its model. The message is for people.</summary>
/// <param name="isLasting">Whether it stays so until somebody mends it.</param>
[GenerateSerializer, Alias("basgd.workload-failed")]
public sealed class WorkloadFailedException(string message, bool isLasting) : OrleansException(message)
{
    /// <summary>Whether it stays so until somebody mends it.</summary>
    [Id(0)]
    public bool IsLasting { get; } = isLasting;
}

/// <summary>A silo failed for a reason that only it has the types for. The message is one line for people.</summary>
[GenerateSerializer, Alias("basgd.silo-failed")]
public sealed class SiloFailedException(string message) : OrleansException(message);
