using System.Collections.Frozen;
using System.Diagnostics.Metrics;
using Basgd.Contracts;

namespace Basgd.Grains.Telemetry;

/// <summary>What buffers count.</summary>
public sealed class BufferInstruments
{
    /// <summary>Value of <see cref="Names.Outcome"/> where nothing was refused.</summary>
    public const string Accepted = "accepted";

    private static readonly FrozenDictionary<Refusal, string> Reasons = Enum.GetValues<Refusal>().ToFrozenDictionary(static refusal => refusal, Names.Snake);
    private static readonly InstrumentAdvice<long> Steps = new() { HistogramBucketBoundaries = [0, 1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144] };

    private readonly Counter<long> contributions;
    private readonly Histogram<long> staleness;

    public BufferInstruments(IMeterFactory meters)
    {
        var meter = meters.Create(Names.Source);
        contributions = meter.CreateCounter<long>("basgd.contributions", "{contribution}", "Contributions that buffers answered, accepted or refused and why.");
        staleness = meter.CreateHistogram("basgd.staleness", "{step}", "Steps between the model that an accepted contribution was taken at and the one it is applied to.", [], Steps);
        Fill = new GrainGauge<int>(meter, "basgd.buffer.fill", "{contribution}", "Contributions in the open round of a buffer, N_b.");
    }

    public GrainGauge<int> Fill { get; }

    /// <summary>As the outcome is called in attributes.</summary>
    public static string Outcome(Refusal? refusal) => refusal is { } reason ? Reasons[reason] : Accepted;

    /// <summary>Begins the series of a job with 0, because Prometheus sees no increase in a series that begins with its first event.</summary>
    public void Begin(string job)
    {
        contributions.Add(0, Names.Tag(Names.Job, job), Names.Tag(Names.Outcome, Accepted));
        foreach (var reason in Reasons.Values) contributions.Add(0, Names.Tag(Names.Job, job), Names.Tag(Names.Outcome, reason));
    }

    /// <summary>Counts a buffer's answer.</summary>
    /// <param name="worker">Null where the buffer has no such worker: anybody can make up numbers, and each would be a series.</param>
    /// <param name="age">See <see cref="Names.Staleness"/>.</param>
    public void Answered(string job, int? worker, Refusal? refusal, long age)
    {
        if (contributions.Enabled)
        {
            var (ofJob, outcome) = (Names.Tag(Names.Job, job), Names.Tag(Names.Outcome, Outcome(refusal)));
            if (worker is { } known) contributions.Add(1, ofJob, outcome, Names.Tag(Names.Worker, known));
            else contributions.Add(1, ofJob, outcome);
        }

        if (refusal is null) staleness.Record(age, Names.Tag(Names.Job, job));
    }
}
