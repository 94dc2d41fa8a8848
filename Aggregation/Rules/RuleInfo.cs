namespace Basgd.Aggregation;

/// <summary>What a built-in rule is.</summary>
/// <param name="Name">As in the literature.</param>
/// <param name="Summary">One line.</param>
/// <param name="Parameters">What <c>name(key=value)</c> accepts.</param>
/// <param name="Breakdown">How many bad rows out of n it stands.</param>
/// <param name="Paper">Where it is from.</param>
public sealed record RuleInfo(string Name, string Summary, IReadOnlyList<ParameterInfo> Parameters, string Breakdown, string Paper);
