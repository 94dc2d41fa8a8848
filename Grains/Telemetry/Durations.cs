using System.Diagnostics.Metrics;

namespace Basgd.Grains.Telemetry;

/// <summary>Histograms of seconds.</summary>
internal static class Durations
{
    /// <summary>From what a small model takes to what a large one does.</summary>
    private static readonly InstrumentAdvice<double> Seconds = new() { HistogramBucketBoundaries = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60] };

    public static Histogram<double> CreateDuration(this Meter meter, string name, string description) => meter.CreateHistogram(name, "s", description, [], Seconds);
}
