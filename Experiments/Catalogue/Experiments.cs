namespace Basgd.Experiments.Catalogue;

/// <summary>Every experiment, in the order in which <c>all</c> runs them.</summary>
internal static class Experiments
{
    public static IReadOnlyList<Experiment> All { get; } =
    [
        new Survival(),
        new NoAttack(),
        new PaperAttacks(),
        new KardamFilters(),
        new Language(),
        new Collusion(),
        new Flooding(),
        new Skew(),
        new Starvation(),
        new TimeToAccuracy(),
        new Suspects(),
    ];
}
