using System.Diagnostics.Metrics;

namespace Basgd.Grains.Telemetry;

/// <summary>What models count and show.</summary>
public sealed class ModelInstruments
{
    private static readonly InstrumentAdvice<long> Counts = new() { HistogramBucketBoundaries = [1, 2, 3, 5, 8, 13, 21, 34, 55, 89] };

    private readonly Counter<long> steps;
    private readonly Counter<long> reassignments;
    private readonly Histogram<long> contributions;
    private readonly Histogram<double> round;
    private readonly Histogram<double> aggregate;

    public ModelInstruments(IMeterFactory meters)
    {
        var meter = meters.Create(Names.Source);
        steps = meter.CreateCounter<long>("basgd.steps", "{step}", "Steps made.");
        reassignments = meter.CreateCounter<long>("basgd.reassignments", "{reassignment}", "Times that the mapping of workers to buffers was changed because buffers starved.");
        contributions = meter.CreateHistogram("basgd.round.contributions", "{contribution}", "Contributions of a buffer that went into a step, N_b; their sum is the gradients applied.", [], Counts);
        round = meter.CreateDuration("basgd.round.duration", "Time between two steps.");
        aggregate = meter.CreateDuration("basgd.aggregate.duration", "Time that a step's aggregation and descent took.");
        Step = new GrainGauge<long>(meter, "basgd.model.step", "{step}", "The newest step that can be seen.");
        Loss = new GrainGauge<double>(meter, "basgd.training.loss", "1", "Smoothed training loss as workers report it, the median over buffers.");
        Buffers = new GrainGauge<int>(meter, "basgd.buffer.count", "{buffer}", "Buffers in use that are full, and that are empty.");
        Starving = new GrainGauge<int>(meter, "basgd.buffer.starving", "{buffer}", "Buffers in use that are empty though there was no step for Δ: what the job waits for.");
        Distance = new GrainGauge<double>(meter, "basgd.buffer.distance", "1", "Euclidean distance of a buffer from the aggregate, in the newest step in which it was measured.");
        Norm = new GrainGauge<double>(meter, "basgd.aggregate.norm", "1", "Euclidean norm of the aggregate, in the newest step in which it was measured.");
        Active = new GrainGauge<int>(meter, "basgd.worker.active", "{worker}", "Workers whose contributions went into a step within the last Δ.");
        Suspicion = new GrainGauge<double>(meter, "basgd.worker.suspicion", "1", "Belief that a worker is Byzantine, 0 … 1; only of workers that are suspected more than anybody is before anything is known.");
        Quarantined = new GrainGauge<int>(meter, "basgd.worker.quarantined", "{worker}", "Workers of an open job whose contributions are refused until an operator lifts it.");
        Age = new GrainGauge<double>(meter, "basgd.round.age", "s", "Time since the newest step of an open job, or since it was opened.");
        Patience = new GrainGauge<double>(meter, "basgd.reassignment.timeout", "s", "Δ of an open job: without a step for so long its workers are mapped anew.");
    }

    public GrainGauge<long> Step { get; }

    public GrainGauge<double> Loss { get; }

    public GrainGauge<int> Buffers { get; }

    public GrainGauge<int> Starving { get; }

    public GrainGauge<double> Distance { get; }

    public GrainGauge<double> Norm { get; }

    public GrainGauge<int> Active { get; }

    public GrainGauge<double> Suspicion { get; }

    public GrainGauge<int> Quarantined { get; }

    public GrainGauge<double> Age { get; }

    public GrainGauge<double> Patience { get; }

    /// <summary>Begins the counters of a job with 0, because Prometheus sees no increase in a series that begins with its first event.</summary>
    public void Begin(string job)
    {
        steps.Add(0, Names.Tag(Names.Job, job));
        reassignments.Add(0, Names.Tag(Names.Job, job));
    }

    /// <summary>Counts a step.</summary>
    /// <param name="counts">N_b, by buffer.</param>
    /// <param name="sinceLast">Time since the one before.</param>
    public void Stepped(string job, IEnumerable<int> counts, TimeSpan sinceLast)
    {
        var ofJob = Names.Tag(Names.Job, job);
        steps.Add(1, ofJob);
        round.Record(sinceLast.TotalSeconds, ofJob);
        if (!contributions.Enabled) return;
        foreach (var count in counts) contributions.Record(count, ofJob);
    }

    public void Aggregated(string job, TimeSpan took) => aggregate.Record(took.TotalSeconds, Names.Tag(Names.Job, job));

    public void Reassigned(string job) => reassignments.Add(1, Names.Tag(Names.Job, job));
}
