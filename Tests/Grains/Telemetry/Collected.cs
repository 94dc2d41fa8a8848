using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Basgd.Grains.Telemetry;
using Microsoft.Extensions.DependencyInjection;

namespace Basgd.Grains.Tests.Telemetry;

/// <summary>The instruments of a silo, and all that they and the spans of a test tell.</summary>
internal sealed class Collected : IDisposable
{
    private readonly ServiceProvider services = new ServiceCollection().AddSingleton(TimeProvider.System).AddInstruments().BuildServiceProvider();
    private readonly MeterListener listener = new();

    public Collected()
    {
        var meter = services.GetRequiredService<IMeterFactory>().Create(Names.Source);
        listener.InstrumentPublished = (instrument, listening) =>
        {
            // Other tests have meters of the same name.
            if (instrument.Meter != meter) return;
            Instruments.Add(instrument);
            listening.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Take(instrument, value, tags));
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Take(instrument, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Take(instrument, value, tags));
        listener.Start();
    }

    public List<Instrument> Instruments { get; } = [];

    /// <summary>Metric with its attributes in their order, and value: <c>basgd.steps basgd.job=a = 1</c>.</summary>
    public ConcurrentQueue<string> Measurements { get; } = [];

    public T Get<T>()
        where T : notnull => services.GetRequiredService<T>();

    /// <summary>Asks the gauges.</summary>
    public string[] Gauges()
    {
        Measurements.Clear();
        listener.RecordObservableInstruments();
        return [.. Measurements];
    }

    /// <summary>Everything sampled that a root of this source begins while the result lives.</summary>
    public static (ActivityListener Listener, ConcurrentQueue<Activity> Ended) Trace(Func<string, bool> isSampled)
    {
        var ended = new ConcurrentQueue<Activity>();
        var listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == Names.Source,
            Sample = (ref ActivityCreationOptions<ActivityContext> options) =>
                options.Parent != default ? (options.Parent.TraceFlags == ActivityTraceFlags.Recorded ? ActivitySamplingResult.AllDataAndRecorded : ActivitySamplingResult.None)
                : isSampled(options.Name) ? ActivitySamplingResult.AllDataAndRecorded : ActivitySamplingResult.PropagationData,
            ActivityStopped = ended.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        return (listener, ended);
    }

    public void Dispose()
    {
        listener.Dispose();
        services.Dispose();
    }

    private void Take<T>(Instrument instrument, T value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var said = string.Join(' ', tags.ToArray().Select(static tag => FormattableString.Invariant($"{tag.Key}={tag.Value}")));
        Measurements.Enqueue(FormattableString.Invariant($"{instrument.Name} {said} = {value}"));
    }
}
