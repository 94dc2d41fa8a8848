using System.Diagnostics.Metrics;

namespace Basgd.Grains.Telemetry;

/// <summary>What jobs show.</summary>
public sealed class JobInstruments
{
    public JobInstruments(IMeterFactory meters)
    {
        var meter = meters.Create(Names.Source);
        Leases = new GrainGauge<int>(meter, "basgd.leases", "{lease}", "Workers that some silo acts as.");
        LeasesWanted = new GrainGauge<int>(meter, "basgd.job.leases.wanted", "{lease}", "Workers of a running job, whether a silo acts as them or not; 0 while the job does not run.");
        Phase = new GrainGauge<int>(meter, "basgd.job.phase", "{job}", "1 for the phase that a job is in. Shows open jobs and the jobs that ended within a day, at most 100 of these.");
        Loss = new GrainGauge<double>(meter, "basgd.evaluation.loss", "1", "Loss on held-out data, in the newest evaluation.");
        Accuracy = new GrainGauge<double>(meter, "basgd.evaluation.accuracy", "1", "Accuracy on held-out data, 0 … 1, in the newest evaluation.");
    }

    public GrainGauge<int> Leases { get; }

    public GrainGauge<int> LeasesWanted { get; }

    public GrainGauge<int> Phase { get; }

    public GrainGauge<double> Loss { get; }

    public GrainGauge<double> Accuracy { get; }
}
