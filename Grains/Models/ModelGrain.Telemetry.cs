using System.Diagnostics.Metrics;
using Basgd.Contracts;
using Basgd.Grains.Telemetry;
using Basgd.Protocol;

namespace Basgd.Grains;

/// <summary>What the model shows of its rounds. Gauges are read from other threads: they see fields that are replaced as a whole.</summary>
public sealed partial class ModelGrain
{
    private readonly Queue<RoundReport> history = new();
    private volatile RoundReport? measured;
    private volatile int active;
    private long waitingSince;
    private IDisposable[] gauges = [];

    /// <inheritdoc/>
    public Task<IReadOnlyList<RoundReport>> GetRounds(ModelVersion after) =>
        Task.FromResult<IReadOnlyList<RoundReport>>([.. history.Where(report => report.Version > after)]);

    private double SecondsWaiting => time.GetElapsedTime(Volatile.Read(ref waitingSince)).TotalSeconds;

    /// <summary>By worker; null where nothing is known.</summary>
    private IReadOnlyList<double>? Beliefs => State is { Suspicion: { IsKnown: true } known } ? known.Beliefs : null;

    private void ShowGauges()
    {
        instruments.Begin(Job);
        gauges = Gauges();
    }

    private IDisposable[] Gauges() =>
    [
        instruments.Step.Watch(Job, () => State?.Version.Step),
        instruments.Loss.Watch(Job, () => State is { TrainingLoss: var loss } && double.IsFinite(loss) ? loss : null),
        instruments.Active.Watch(Job, () => IsOpen ? active : null),
        instruments.Age.Watch(Job, () => IsOpen ? SecondsWaiting : null),
        instruments.Patience.Watch(Job, () => IsOpen ? jobSpec!.ReassignAfterSeconds : null),
        instruments.Norm.Watch(Job, () => measured?.Norm),
        instruments.Starving.Watch(Job, () => !IsOpen ? null : SecondsWaiting > jobSpec!.ReassignAfterSeconds ? core!.EmptyBuffers : 0),
        instruments.Buffers.Watch(() => !IsOpen ? [] : [InState("full", core!.FullBuffers), InState("empty", core.EmptyBuffers)]),
        instruments.Distance.Watch(() => measured?.Buffers.Select((buffer, b) => new Measurement<double>(buffer.Distance!.Value, Names.Tag(Names.Job, Job), Names.Tag(Names.Buffer, b))) ?? []),
        instruments.Quarantined.Watch(Job, () => IsOpen ? State?.Quarantine.Workers.Count : null),
        instruments.Suspicion.Watch(() => Beliefs?.Index().Where(static entry => entry.Item > Suspicion.Prior).Select(entry => new Measurement<double>(entry.Item, Names.Tag(Names.Job, Job), Names.Tag(Names.Worker, entry.Index))) ?? []),
    ];

    private void HideGauges()
    {
        foreach (var gauge in gauges) gauge.Dispose();
    }

    private Measurement<int> InState(string state, int count) => new(count, Names.Tag(Names.Job, Job), Names.Tag(Names.BufferState, state));

    /// <summary>The time without a step begins.</summary>
    private void Wait() => Volatile.Write(ref waitingSince, time.GetTimestamp());

    /// <summary>Whether the step to be made is one in which distances are measured.</summary>
    private Spread? NextSpread() =>
        core!.NeedsSpread || (options.Value.DistancesEvery is > 0 and var every && core.State.Version.Step % every == 0) ? new Spread(core.State.Routing.Buffers, jobSpec!.EffectiveAggregationThreads) : null;

    private void Report(ModelVersion version, SealedRound[] seals, Spread? spread)
    {
        instruments.Stepped(Job, seals.Select(static seal => seal.Contributions.Count), TimeSpan.FromSeconds(SecondsWaiting));
        Wait();
        active = core!.Active.Count;

        var report = new RoundReport(version, time.GetUtcNow(), spread?.Norm,
            [.. seals.Select((seal, b) => new BufferRound(seal.Contributions.Count, [.. seal.Contributions.Select(static c => c.Worker).Distinct().Order()], spread?.Distances[b]))]);
        history.Enqueue(report);
        if (history.Count > IModelGrain.RoundsKept) history.Dequeue();
        if (spread is not null) measured = report;
    }
}
