using Basgd.Aggregation.Memory;
using Basgd.Contracts;
using Basgd.Grains;

namespace Basgd.Silo.Tests.Storage;

/// <summary>One of each state that grains store, with a value in every field that the version had.</summary>
internal static class StoredExamples
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);
    private static readonly ModelVersion Version = new(2, 300);
    private static readonly IReadOnlyList<Contribution> Contributions = new Contribution[] { new(0, 41, new ModelVersion(2, 299), 5), new(3, 17, new ModelVersion(2, 298)) };
    private static readonly LedgerEntry Entry = new(Version, 4, new IReadOnlyList<Contribution>[] { Contributions, new Contribution[] { new(1, 9) } });
    private static readonly EvaluationPoint Evaluation = new(Version, 1.5, 0.25, 0.875, Noon, 1.3);

    /// <summary>By name. Version 2 came with suspicion and quarantine, 3 with whom else a worker may be suspected for.</summary>
    public static IReadOnlyDictionary<string, object> Of(int version) => version == 1 ? First : new Dictionary<string, object>(First)
    {
        ["model"] = Model(model =>
        {
            model.Routing = model.Routing! with { Planned = 3 };
            model.Suspicion = new SuspicionRecord([0.5, -0.25, 0, 3], [0.1, 0.2, 4, 0.3], [0, 1, 0, -2], [0.4, 0.5, 4, 0.6]);
            model.Quarantine = new QuarantineRecord([3], new Dictionary<int, int> { [0] = 2 }, version == 2 ? null : new Dictionary<int, Dictionary<int, int>> { [0] = new() { [1] = 1, [2] = 2 } });
        }),
        ["job"] = Job(static spec => spec with { ReshuffleEverySteps = 20, QuarantineAfterRounds = 5, QuarantineThreshold = 0.9, Workers = 5 }),
        ["history"] = History(static history =>
        {
            history.Events.Add(new JobEvent(Noon, 301, JobEventKind.Quarantine, "worker 3 was put in quarantine"));
            history.Quarantined = [3];
        }),
    };

    private static IReadOnlyDictionary<string, object> First { get; } = new Dictionary<string, object>
    {
        ["model"] = Model(static _ => { }),
        ["buffer"] = new BufferRecord
        {
            Generation = 2,
            MappingEpoch = 4,
            OpenRound = 301,
            Mean = Vector(7, 8, 9),
            Contributions = [.. Contributions],
            LossSum = 1.25,
            Sealed = new SealedRound(300, Vector(4, 5, 6), Contributions, 0.5),
            LastSequence = new Dictionary<int, long> { [0] = 41, [3] = 17 },
            WorkerMeans = new Dictionary<int, ParameterVector> { [3] = Vector(1, 1, 2) },
        },
        ["job"] = Job(static spec => spec),
        ["ledger"] = new LedgerRecord { Segment = new LedgerSegment(new[] { Entry, Entry with { Version = new ModelVersion(2, 301) } }) },
        ["directory"] = new JobDirectoryRecord { Jobs = new Dictionary<string, JobPhase> { ["stored"] = JobPhase.Paused, ["done"] = JobPhase.Completed } },
        ["history"] = History(static _ => { }),
    };

    private static ModelRecord Model(Action<ModelRecord> change)
    {
        var model = new ModelRecord
        {
            Version = Version,
            Parameters = Vector(1, -2, 3.5f),
            Routing = new Routing(4, new[] { 0, 1, 0, 1 }),
            GradientsApplied = 2_000,
            LastApplied = [41, 9, -1, 17],
            TrainingLoss = 0.75,
            TrainingExamples = 60_000,
            Velocity = Vector(0.5f, 0.25f, -1),
            Ledger = new LedgerTail(256, new[] { Entry }),
        };
        change(model);
        return model;
    }

    private static JobRecord Job(Func<JobSpec, JobSpec> change) => new()
    {
        Spec = change(new JobSpec { Name = "stored", Workers = 4, Buffers = 3, Byzantine = 1, Attack = "negative-gradient(k=10)", Rule = "nnm|trimmed-mean(f=1)", DecayAtEpochs = new[] { 3.0, 6.5 }, Steps = 900, DirichletAlpha = 0.5, Durability = Durability.Acknowledged, Ledger = true, ServerMomentum = 0.5 }),
        Phase = JobPhase.Paused,
        Message = "paused by hand",
        LastEvaluation = Evaluation,
        Workload = new WorkloadInfo(3, 60_000, new[] { new TensorShape("weight", new long[] { 1, 3 }) }),
    };

    private static HistoryRecord History(Action<HistoryRecord> change)
    {
        var history = new HistoryRecord
        {
            Points = [new HistoryPoint(300, Noon, 1.5, 0.75, 420.5)],
            Evaluations = [Evaluation],
            Events = [new JobEvent(Noon, 300, JobEventKind.Reassignment, "4 workers over 3 buffers")],
            Version = Version,
            MappingEpoch = 4,
            LearningRate = 0.05,
            Gap = 8,
        };
        change(history);
        return history;
    }

    private static ParameterVector Vector(params float[] values) => ParameterVector.CopyOf(values);
}
