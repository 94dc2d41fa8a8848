using Basgd.Contracts;

namespace Basgd.Grains;

/// <summary>
/// Remembers how a job went in bounded space: when there are too many points every second one is forgotten and new ones are noted
/// half as often, so that a history of any length has between half of <paramref name="capacity"/> and all of it, evenly spread.
/// </summary>
/// <param name="capacity">Most points, and most evaluations, kept; at least 4. Of events the newest so many are kept.</param>
public sealed class TrainingHistory(int capacity = TrainingHistory.DefaultCapacity)
{
    /// <summary>About 100 kB as it is stored.</summary>
    public const int DefaultCapacity = 2_000;

    private readonly List<HistoryPoint> points = [];
    private readonly List<EvaluationPoint> evaluations = [];
    private readonly List<JobEvent> events = [];
    private ModelVersion version;
    private int reassignments;
    private int[] quarantined = [];
    private double learningRate = double.NaN;
    private long gap = 1;

    /// <summary>Goes up with everything noted; a writer compares it with what was written last.</summary>
    public long Changes { get; private set; }

    /// <summary>Notes how the job goes, and what changed since it was noted last: generation, mapping, quarantine, learning rate.</summary>
    public void Note(DateTimeOffset now, ModelStatus model, double epoch, double rate, double gradientsPerSecond)
    {
        if (model.Version.Generation > version.Generation)
            Say(now, model.Version.Step, JobEventKind.StepsLost, $"generation {model.Version.Generation} begins at step {model.Version.Step}; the one before had reached step {version.Step}");
        if (model.Routing.Reassignments > reassignments)
            Say(now, model.Version.Step, JobEventKind.Reassignment, $"workers were spread anew over {model.Routing.Buffers} buffers");
        NoteQuarantine(now, model);
        if (!double.IsNaN(learningRate) && rate != learningRate)
            Say(now, model.Version.Step, JobEventKind.LearningRate, FormattableString.Invariant($"learning rate {learningRate:G4} → {rate:G4}"));
        (version, reassignments, learningRate) = (model.Version, model.Routing.Reassignments, rate);

        // Steps that were lost are made again: their points go.
        while (points.Count > 0 && points[^1].Step > version.Step) points.RemoveAt(points.Count - 1);
        if (points.Count > 0 && version.Step < points[^1].Step + gap) return;
        points.Add(new HistoryPoint(version.Step, now, epoch, model.TrainingLoss, gradientsPerSecond));
        if (points.Count > capacity) gap = Thin(points);
        Changes++;
    }

    private void NoteQuarantine(DateTimeOffset now, ModelStatus model)
    {
        int[] current = [.. model.Quarantined ?? []];
        foreach (var worker in current.Except(quarantined)) Say(now, model.Version.Step, JobEventKind.Quarantine, $"worker {worker} was put in quarantine");
        foreach (var worker in quarantined.Except(current)) Say(now, model.Version.Step, JobEventKind.Quarantine, $"worker {worker} was let out of quarantine");
        quarantined = current;
    }

    /// <summary>Notes an evaluation.</summary>
    public void Note(EvaluationPoint evaluation)
    {
        evaluations.Add(evaluation);
        if (evaluations.Count > capacity) Halve(evaluations);
        Changes++;
    }

    /// <summary>Notes an event.</summary>
    public void Say(DateTimeOffset now, long step, JobEventKind kind, string text)
    {
        events.Add(new JobEvent(now, step, kind, text));
        if (events.Count > capacity) events.RemoveAt(0);
        Changes++;
    }

    /// <summary>The history as a chart wants it.</summary>
    /// <param name="most">Points, evaluations and events at most, each; at least 2. The first and the last point are always there.</param>
    public JobHistory Read(int most)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 2);
        return new JobHistory(Spread(points, most), Spread(evaluations, most), [.. events.TakeLast(most)]);
    }

    /// <summary>Goes on from what was stored.</summary>
    public void Restore(HistoryRecord record)
    {
        points.AddRange(record.Points);
        evaluations.AddRange(record.Evaluations);
        events.AddRange(record.Events);
        (version, reassignments, quarantined, learningRate, gap) = (record.Version, record.MappingEpoch, record.Quarantined, record.LearningRate, record.Gap);
    }

    /// <summary>What to store.</summary>
    public HistoryRecord Save() => new()
    {
        Points = [.. points],
        Evaluations = [.. evaluations],
        Events = [.. events],
        Version = version,
        MappingEpoch = reassignments,
        Quarantined = quarantined,
        LearningRate = learningRate,
        Gap = gap,
    };

    /// <returns>Steps between two points from now on.</returns>
    private static long Thin(List<HistoryPoint> points)
    {
        Halve(points);
        return Math.Max(1, (points[^1].Step - points[0].Step) / (points.Count - 1));
    }

    /// <summary>Keeps every second one, and the last.</summary>
    private static void Halve<T>(List<T> all)
    {
        var last = all[^1];
        var kept = 0;
        for (var i = 0; i < all.Count - 1; i += 2) all[kept++] = all[i];
        all[kept++] = last;
        all.RemoveRange(kept, all.Count - kept);
    }

    private static IReadOnlyList<T> Spread<T>(List<T> all, int most) =>
        all.Count <= most ? [.. all] : [.. Enumerable.Range(0, most).Select(i => all[(int)((long)i * (all.Count - 1) / (most - 1))])];
}

/// <summary>The history as it is stored.</summary>
[GenerateSerializer, Alias("basgd.history-record")]
public sealed class HistoryRecord : IReplaceable
{
    [Id(0)] public List<HistoryPoint> Points { get; set; } = [];
    [Id(1)] public List<EvaluationPoint> Evaluations { get; set; } = [];
    [Id(2)] public List<JobEvent> Events { get; set; } = [];
    [Id(3)] public ModelVersion Version { get; set; }

    /// <summary>Reassignments that were noted; called so when nothing else changed the mapping.</summary>
    [Id(4)] public int MappingEpoch { get; set; }

    [Id(5)] public double LearningRate { get; set; } = double.NaN;
    [Id(6)] public long Gap { get; set; } = 1;

    /// <summary>Workers whose quarantine was noted.</summary>
    [Id(7)] public int[] Quarantined { get; set; } = [];

    [field: NonSerialized]
    public string? Damage { get; set; }
}
