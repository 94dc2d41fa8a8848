using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Basgd.Grains.Telemetry;

/// <summary>
/// A gauge that grains answer while they live on this silo: one that moves on takes its series with it. Grains are asked from a
/// thread that is not theirs, so they answer from a field that is replaced as a whole, or from a number, never from stored state,
/// which Orleans lets nobody else read.
/// </summary>
public sealed class GrainGauge<T>
    where T : struct
{
    private readonly ConcurrentDictionary<object, Func<IEnumerable<Measurement<T>>>> readers = new();

    /// <param name="unit">As UCUM writes it.</param>
    public GrainGauge(Meter meter, string name, string unit, string description)
    {
        ArgumentNullException.ThrowIfNull(meter);
        meter.CreateObservableGauge(name, () => readers.Values.SelectMany(static read => read()), unit, description);
    }

    /// <summary>Answers until the result is disposed.</summary>
    public IDisposable Watch(Func<IEnumerable<Measurement<T>>> read)
    {
        var key = new object();
        readers[key] = read;
        return new Watched(() => readers.TryRemove(key, out _));
    }

    /// <summary>Answers with one number for a job, or with none where it is null.</summary>
    public IDisposable Watch(string job, Func<T?> read) =>
        Watch(() => read() is { } value ? [new Measurement<T>(value, Names.Tag(Names.Job, job))] : []);

    private sealed class Watched(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
