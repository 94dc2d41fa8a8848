namespace Basgd.Experiments.Catalogue;

/// <summary>Byzantine workers and what they send.</summary>
/// <param name="Name">The attack's short name in the literature.</param>
/// <param name="Count">How many workers.</param>
/// <param name="Attack">As in <c>basgd attacks</c>.</param>
internal sealed record Adversary(string Name, int Count, string Attack)
{
    /// <summary>−10 g.</summary>
    public static Adversary NegativeGradient(int count) => new("NG", count, "negative-gradient(k=10)");

    /// <summary>g + N(0, ‖σg‖² I).</summary>
    public static Adversary RandomDisturbance(int count, double sigma) => new("RD", count, FormattableString.Invariant($"random-disturbance(sigma={sigma})"));

    /// <summary>The setting's name among so many workers.</summary>
    public string Among(Setup setup) => $"{Name}, {Count} of {setup.Spec.Workers}";

    public Setup On(Setup setup) => setup with { Spec = setup.Spec with { Byzantine = Count, Attack = Attack } };
}
