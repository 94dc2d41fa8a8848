using System.Collections.Frozen;
using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;

namespace Basgd.Grains.Telemetry;

/// <summary>
/// A counter by one attribute with known values. Each value has a series from the start, with 0, because Prometheus sees no increase
/// in a series that begins with its first event.
/// </summary>
/// <typeparam name="T">The values.</typeparam>
public sealed class ReasonCounter<T>
    where T : struct, Enum
{
    private readonly FrozenDictionary<T, StrongBox<long>> counts = Enum.GetValues<T>().ToFrozenDictionary(static reason => reason, static _ => new StrongBox<long>());

    /// <param name="unit">As UCUM writes it.</param>
    /// <param name="attribute">Name of the attribute.</param>
    public ReasonCounter(Meter meter, string name, string unit, string description, string attribute)
    {
        ArgumentNullException.ThrowIfNull(meter);
        var tags = counts.Keys.ToDictionary(static reason => reason, reason => Names.Tag(attribute, Names.Snake(reason)));
        meter.CreateObservableCounter(name, () => counts.Select(count => new Measurement<long>(Volatile.Read(ref count.Value.Value), tags[count.Key])), unit, description);
    }

    public void Add(T reason) => Interlocked.Increment(ref counts[reason].Value);
}
