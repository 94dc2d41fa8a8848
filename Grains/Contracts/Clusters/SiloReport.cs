namespace Basgd.Contracts;

/// <summary>What a silo that computes says of itself.</summary>
/// <param name="Address">As in <see cref="LeaseStatus.Silo"/>.</param>
/// <param name="Slots">Workers that it may act as at once. May change while it runs.</param>
/// <param name="Taken">Workers that it acts as.</param>
/// <param name="Devices">What it computes on, such as <c>cpu</c> or <c>cuda:0</c>.</param>
/// <param name="Workloads">What it can train, as far as it has not been tried.</param>
[GenerateSerializer, Immutable, Alias("basgd.silo-report")]
public sealed record SiloReport(
    [property: Id(0)] string Address,
    [property: Id(1)] int Slots,
    [property: Id(2)] int Taken,
    [property: Id(3)] IReadOnlyList<string> Devices,
    [property: Id(4)] IReadOnlyList<WorkloadName> Workloads)
{
    /// <summary>Jobs whose workload it could not load, each with the reason. It tries again after a while.</summary>
    [Id(5)] public IReadOnlyDictionary<string, string> Failing { get; init; } = new Dictionary<string, string>();

    /// <summary>Why the silo cannot run the job; null if it can, as far as is known.</summary>
    public string? ObstacleTo(JobSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return WorkloadName.Obstacle(spec, Workloads) ?? Failing.GetValueOrDefault(spec.EffectiveName);
    }

    /// <summary>Whether another report says the same.</summary>
    public bool IsSame(SiloReport? other) =>
        other is not null && (Address, Slots, Taken) == (other.Address, other.Slots, other.Taken) && Devices.SequenceEqual(other.Devices)
        && Workloads.SequenceEqual(other.Workloads)
        && Failing.OrderBy(static entry => entry.Key).SequenceEqual(other.Failing.OrderBy(static entry => entry.Key));
}

/// <summary>A model and the data set that it is trained on, as a job names them: without regard to case.</summary>
[GenerateSerializer, Immutable, Alias("basgd.workload-name")]
public sealed record WorkloadName([property: Id(0)] string Model, [property: Id(1)] string Dataset)
{
    /// <summary>What a silo that can train only these lacks for a job, in a few words; null if nothing.</summary>
    public static string? Obstacle(JobSpec spec, IReadOnlyCollection<WorkloadName> known)
    {
        ArgumentNullException.ThrowIfNull(spec);
        if (known.Any(name => Same(name.Model, spec.Model) && Same(name.Dataset, spec.Dataset))) return null;
        if (!known.Any(name => Same(name.Model, spec.Model))) return $"it does not know model = {spec.Model}";
        return known.Any(name => Same(name.Dataset, spec.Dataset))
            ? $"it does not train model = {spec.Model} on dataset = {spec.Dataset}"
            : $"it does not know dataset = {spec.Dataset}";
    }

    /// <summary>Why a job cannot be trained by any of these, naming field, value and rule; null if it can.</summary>
    public static string? Fault(JobSpec spec, IReadOnlyCollection<WorkloadName> known)
    {
        ArgumentNullException.ThrowIfNull(spec);
        if (Obstacle(spec, known) is null) return null;
        if (Unknown("model", spec.Model, known.Select(static name => name.Model)) is { } model) return model;
        if (Unknown("dataset", spec.Dataset, known.Select(static name => name.Dataset)) is { } dataset) return dataset;
        return $"model = {spec.Model}: cannot be trained on dataset = {spec.Dataset}; "
            + $"{spec.Model} takes {Names(known.Where(name => Same(name.Model, spec.Model)).Select(static name => name.Dataset))}, "
            + $"and {spec.Dataset} is for {Names(known.Where(name => Same(name.Dataset, spec.Dataset)).Select(static name => name.Model))}";
    }

    private static string? Unknown(string field, string value, IEnumerable<string> known) =>
        known.Any(name => Same(name, value)) ? null : $"{field} = {value}: unknown; must be one of {Names(known)}";

    private static string Names(IEnumerable<string> names) => string.Join(", ", names.Distinct());

    private static bool Same(string left, string right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);
}

/// <summary>The reports of the silos that are active.</summary>
/// <param name="Reports">By address.</param>
/// <param name="IsComplete">Whether every active silo that computes has reported. One of an earlier version never does.</param>
[GenerateSerializer, Immutable, Alias("basgd.silo-reports")]
public sealed record SiloReports([property: Id(0)] IReadOnlyList<SiloReport> Reports, [property: Id(1)] bool IsComplete)
{
    /// <summary>Nothing is known of any silo.</summary>
    public static SiloReports Unknown { get; } = new([], IsComplete: false);

    /// <summary>Whether the silo may run the job: it can, or nothing is known of it.</summary>
    public bool MayRun(JobSpec spec, string silo) => Reports.FirstOrDefault(report => report.Address == silo)?.ObstacleTo(spec) is null;

    /// <summary>The silos that cannot run the job, and why.</summary>
    public IReadOnlyList<SiloObstacle> ObstaclesTo(JobSpec spec) =>
        [.. from report in Reports let reason = report.ObstacleTo(spec) where reason is not null select new SiloObstacle(report.Address, reason)];

    /// <summary>
    /// How many workers the silos that know the job's workload act as at most; null if not all have said. One that fails to load it has
    /// its slots all the same: more slots would not help, and the failure says why the job waits.
    /// </summary>
    public int? SlotsFor(JobSpec spec) => IsComplete
        ? (int)Math.Min(int.MaxValue, Reports.Where(report => WorkloadName.Obstacle(spec, report.Workloads) is null).Sum(static report => (long)report.Slots))
        : null;
}

/// <summary>A silo that cannot run a job.</summary>
/// <param name="Silo">Its address.</param>
/// <param name="Reason">Why, in one line.</param>
[GenerateSerializer, Immutable, Alias("basgd.silo-obstacle")]
public sealed record SiloObstacle([property: Id(0)] string Silo, [property: Id(1)] string Reason);
