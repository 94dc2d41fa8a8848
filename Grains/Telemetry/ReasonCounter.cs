using System.Collections.Frozen;
using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;

namespace Basgd.Grains.Telemetry;

/// <summary>
/// A counter by one attribute with known values. Each value has a series from the start, with 0, because Prometheus sees no increase
/// in a series that begins with its first event.
/// </summary>
public sealed class ReasonCounter
{
    private readonly FrozenDictionary<string, StrongBox<long>> counts;

    /// <param name="unit">As UCUM writes it.</param>
    /// <param name="attribute">Name of the attribute.</param>
    /// <param name="values">All that it may have.</param>
    public ReasonCounter(Meter meter, string name, string unit, string description, string attribute, IEnumerable<string> values)
    {
        ArgumentNullException.ThrowIfNull(meter);
        counts = values.ToFrozenDictionary(static value => value, static _ => new StrongBox<long>());
        meter.CreateObservableCounter(
            name, () => counts.Select(count => new Measurement<long>(Volatile.Read(ref count.Value.Value), Names.Tag(attribute, count.Key))), unit, description);
    }

    public void Add(string value) => Interlocked.Increment(ref counts[value].Value);
}
