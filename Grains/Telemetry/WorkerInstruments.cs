using System.Diagnostics.Metrics;

namespace Basgd.Grains.Telemetry;

/// <summary>Times what workers do.</summary>
public sealed class WorkerInstruments(IMeterFactory meters)
{
    private readonly Histogram<double> compute = meters.Create(Names.Source).CreateDuration("basgd.compute.duration", "Time that one gradient took in its compute lane.");

    public void Computed(string job, TimeSpan took) => compute.Record(took.TotalSeconds, Names.Tag(Names.Job, job));
}
