using Basgd.Aggregation.Memory;
using Basgd.Contracts;
using Basgd.Protocol;

namespace Basgd.Grains;

/// <summary>A model as it is stored: see <see cref="ModelState"/>.</summary>
[GenerateSerializer, Alias("basgd.model-record")]
public sealed class ModelRecord : ICheckpoint
{
    [Id(0)] public ModelVersion Version { get; set; }
    [Id(1)] public ParameterVector? Parameters { get; set; }
    [Id(2)] public Routing? Routing { get; set; }
    [Id(3)] public long GradientsApplied { get; set; }
    [Id(4)] public long[] LastApplied { get; set; } = [];
    [Id(5)] public double TrainingLoss { get; set; }

    /// <summary>Size of the training set, the unit of an epoch.</summary>
    [Id(6)] public long TrainingExamples { get; set; }

    [Id(7)] public ParameterVector? Velocity { get; set; }

    [Id(8)] public LedgerTail? Ledger { get; set; }

    /// <summary>Null where it was stored before there was suspicion.</summary>
    [Id(9)] public SuspicionRecord? Suspicion { get; set; }

    /// <summary>Null where it was stored before there was quarantine.</summary>
    [Id(10)] public QuarantineRecord? Quarantine { get; set; }

    public int Dimension => Parameters?.Length ?? 0;

    public long Step => Version.Step;

    [field: NonSerialized]
    public int VersionsLost { get; set; }

    public static ModelRecord From(ModelState state, long trainingExamples) => new()
    {
        Version = state.Version,
        Parameters = state.Parameters,
        Routing = state.Routing,
        GradientsApplied = state.GradientsApplied,
        LastApplied = [.. state.LastApplied],
        TrainingLoss = state.TrainingLoss,
        TrainingExamples = trainingExamples,
        Velocity = state.Velocity,
        Ledger = state.Ledger,
        Suspicion = SuspicionRecord.From(state.Suspicion),
        Quarantine = QuarantineRecord.From(state.Quarantine),
    };

    public ModelState ToState()
    {
        var state = new ModelState(Version, Parameters!, Routing!, GradientsApplied, LastApplied, TrainingLoss, Velocity, Ledger);
        if (Suspicion is not null) state = state with { Suspicion = Suspicion.ToSuspicion() };
        return Quarantine is null ? state : state with { Quarantine = Quarantine.ToQuarantine() };
    }
}

/// <summary>What is believed of the workers, as it is stored: see <see cref="Protocol.Suspicion"/>.</summary>
[GenerateSerializer, Immutable, Alias("basgd.suspicion-record")]
public sealed record SuspicionRecord(
    [property: Id(0)] double[] PowerMeans,
    [property: Id(1)] double[] PowerVariances,
    [property: Id(2)] double[] LeanMeans,
    [property: Id(3)] double[] LeanVariances)
{
    public static SuspicionRecord From(Suspicion suspicion) =>
        new([.. suspicion.Power.Means], [.. suspicion.Power.Variances], [.. suspicion.Lean.Means], [.. suspicion.Lean.Variances]);

    public Suspicion ToSuspicion() => new(new Trait(PowerMeans, PowerVariances), new Trait(LeanMeans, LeanVariances));
}

/// <summary>Whose gradients are refused, as it is stored: see <see cref="Protocol.Quarantine"/>.</summary>
/// <param name="Rounds">Of each streak, by worker.</param>
/// <param name="With">Of each streak, by worker and by the other; null where it was stored before that counted.</param>
[GenerateSerializer, Immutable, Alias("basgd.quarantine-record")]
public sealed record QuarantineRecord(
    [property: Id(0)] int[] Workers,
    [property: Id(1)] Dictionary<int, int> Rounds,
    [property: Id(2)] Dictionary<int, Dictionary<int, int>>? With = null)
{
    public static QuarantineRecord From(Quarantine quarantine) => new(
        [.. quarantine.Workers],
        quarantine.Streaks.ToDictionary(static entry => entry.Key, static entry => entry.Value.Rounds),
        quarantine.Streaks.ToDictionary(static entry => entry.Key, static entry => entry.Value.With.ToDictionary()));

    public Quarantine ToQuarantine() => new(
        Workers,
        Rounds.ToDictionary(static entry => entry.Key, entry => new Streak(entry.Value, With?.GetValueOrDefault(entry.Key) ?? [])));
}
