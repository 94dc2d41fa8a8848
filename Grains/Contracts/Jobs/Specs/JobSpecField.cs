using System.ComponentModel;
using System.Reflection;
using System.Text.Json;

namespace Basgd.Contracts;

/// <summary>One field of a job spec: what the YAML reader, the validator and the published schema know about it.</summary>
internal sealed record JobSpecField(string Name, PropertyInfo Property, string Description, Bounds? Bounds)
{
    /// <summary>Seconds in a day: no wait in a job is longer.</summary>
    private const double Day = 86_400;

    /// <summary>What each number may be by itself; rules between fields are the validator's.</summary>
    private static readonly Dictionary<string, Bounds> BoundsOf = new()
    {
        [nameof(JobSpec.Workers)] = new(1, 100_000),
        [nameof(JobSpec.Buffers)] = new(1, 100_000),
        [nameof(JobSpec.Tolerate)] = new(0),
        [nameof(JobSpec.Byzantine)] = new(0),
        [nameof(JobSpec.LearningRate)] = new(0, Open: true),
        [nameof(JobSpec.DecayFactor)] = new(0, Open: true),
        [nameof(JobSpec.DecayAtEpochs)] = new(0, Open: true),
        [nameof(JobSpec.WeightDecay)] = new(0),
        [nameof(JobSpec.Batch)] = new(1, 1_000_000),
        [nameof(JobSpec.Epochs)] = new(0, Open: true),
        [nameof(JobSpec.Steps)] = new(1),
        [nameof(JobSpec.DirichletAlpha)] = new(0, Open: true),
        [nameof(JobSpec.CheckpointSteps)] = new(1),
        [nameof(JobSpec.CheckpointSeconds)] = new(0, Day, Open: true),
        [nameof(JobSpec.MaxStaleness)] = new(0),
        [nameof(JobSpec.ReassignAfterSeconds)] = new(0, Day, Open: true),
        [nameof(JobSpec.EvaluateEverySeconds)] = new(0, Day),
        [nameof(JobSpec.WorkerMomentum)] = new(0, 1, MaxOpen: true),
        [nameof(JobSpec.ClipGradient)] = new(0, Open: true),
        [nameof(JobSpec.ServerMomentum)] = new(0, 1, MaxOpen: true),
        [nameof(JobSpec.ReshuffleEverySteps)] = new(1),
        [nameof(JobSpec.QuarantineAfterRounds)] = new(1),
        [nameof(JobSpec.QuarantineThreshold)] = new(0.5, 1, Open: true, MaxOpen: true),
        [nameof(JobSpec.MaxContributionsPerRound)] = new(1),
        [nameof(JobSpec.AggregationThreads)] = new(0, 1_024),
    };

    /// <summary>Every field, in the order in which <see cref="JobSpec"/> declares them.</summary>
    public static IReadOnlyList<JobSpecField> All { get; } =
    [
        .. from property in typeof(JobSpec).GetProperties()
           let description = property.GetCustomAttribute<DescriptionAttribute>()
           where description is not null
           orderby property.MetadataToken
           select new JobSpecField(NameOf(property.Name), property, description.Description, BoundsOf.GetValueOrDefault(property.Name)),
    ];

    /// <summary>Whether the field holds a rule or an attack, which YAML may also write in structured form.</summary>
    public bool IsStrategy => Property.Name is nameof(JobSpec.Rule) or nameof(JobSpec.Attack);

    /// <summary>Whether stages may be chained with <c>|</c>.</summary>
    public bool IsPipeline => Property.Name is nameof(JobSpec.Rule);

    /// <summary>Whether leaving the field empty means something.</summary>
    public bool IsNullable => Nullable.GetUnderlyingType(Property.PropertyType) is not null || Property.Name is nameof(JobSpec.Name);

    /// <summary>The field's type without the possibility of leaving it empty.</summary>
    public Type Type => Nullable.GetUnderlyingType(Property.PropertyType) ?? Property.PropertyType;

    /// <summary>A member of <see cref="JobSpec"/> as the YAML file calls it.</summary>
    public static string NameOf(string member) => JsonNamingPolicy.CamelCase.ConvertName(member);
}

/// <param name="Open">Whether <paramref name="Min"/> itself is outside.</param>
/// <param name="MaxOpen">Whether <paramref name="Max"/> itself is outside.</param>
internal sealed record Bounds(double Min, double? Max = null, bool Open = false, bool MaxOpen = false)
{
    public bool Contain(double value) =>
        (Open ? value > Min : value >= Min) && (Max is not { } max || (MaxOpen ? value < max : value <= max));

    public override string ToString() =>
        FormattableString.Invariant($"{(Open ? ">" : ">=")} {Min}") + (Max is { } max ? FormattableString.Invariant($" and {(MaxOpen ? "<" : "<=")} {max}") : "");
}
