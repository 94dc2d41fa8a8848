namespace Basgd.Contracts;

/// <summary>Which model: the step, and the generation that goes up when a restart lost steps, so that an old step's number cannot lie.</summary>
[GenerateSerializer, Immutable, Alias("basgd.model-version")]
public readonly record struct ModelVersion([property: Id(0)] int Generation, [property: Id(1)] long Step) : IComparable<ModelVersion>
{
    public int CompareTo(ModelVersion other) =>
        Generation != other.Generation ? Generation.CompareTo(other.Generation) : Step.CompareTo(other.Step);

    public override string ToString() => Generation == 0 ? $"{Step}" : $"{Generation}:{Step}";

    public static bool operator <(ModelVersion left, ModelVersion right) => left.CompareTo(right) < 0;
    public static bool operator >(ModelVersion left, ModelVersion right) => left.CompareTo(right) > 0;
    public static bool operator <=(ModelVersion left, ModelVersion right) => left.CompareTo(right) <= 0;
    public static bool operator >=(ModelVersion left, ModelVersion right) => left.CompareTo(right) >= 0;
}
