using System.Diagnostics.Metrics;
using Basgd.Contracts;

namespace Basgd.Grains.Telemetry;

/// <summary>Counts reads and writes of grain state that fail, whichever grain asks.</summary>
public sealed class StorageFailureInstruments(IMeterFactory meters)
{
    private readonly ReasonCounter failures = new(
        meters.Create(Names.Source),
        "basgd.storage.failures",
        "{failure}",
        "Reads and writes of stored state that failed, by cause.",
        Names.Error,
        [StorageCause.Timeout, StorageCause.Refused, StorageCause.Conflict, StorageCause.Full, StorageCause.Access, StorageCause.Other]);

    /// <param name="cause">One of <see cref="StorageCause"/>.</param>
    public void Failed(string cause) => failures.Add(cause);
}
