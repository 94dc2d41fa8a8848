using System.Diagnostics.Metrics;

namespace Basgd.Grains.Telemetry;

/// <summary>Counts reads and writes of grain state that fail, whichever grain asks.</summary>
public sealed class StorageFailureInstruments(IMeterFactory meters)
{
    private readonly ReasonCounter<StorageFault> failures =
        new(meters.Create(Names.Source), "basgd.storage.failures", "{failure}", "Reads and writes of stored state that failed, by cause.", Names.Error);

    public void Failed(StorageFault fault) => failures.Add(fault);
}

/// <summary>Why storage failed.</summary>
public enum StorageFault
{
    /// <summary>It did not answer in time.</summary>
    Timeout,

    /// <summary>Nothing answers at its address, or it turns connections away.</summary>
    Refused,

    /// <summary>Another activation wrote meanwhile. Harmless once.</summary>
    Conflict,

    /// <summary>It has no room.</summary>
    Full,

    /// <summary>It does not let the silo in, or does not let it write.</summary>
    Access,

    /// <summary>Anything else, such as damage.</summary>
    Other,
}
