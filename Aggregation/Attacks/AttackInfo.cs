namespace Basgd.Aggregation;

/// <summary>What a built-in attack is.</summary>
/// <param name="Name">As in the literature.</param>
/// <param name="Summary">One line.</param>
/// <param name="Parameters">What <c>name(key=value)</c> accepts.</param>
/// <param name="Paper">Where it is from.</param>
public sealed record AttackInfo(string Name, string Summary, IReadOnlyList<ParameterInfo> Parameters, string Paper);

/// <param name="Build">Reads and checks the parameters.</param>
internal sealed record AttackDefinition(AttackInfo Info, Func<Arguments, IAttack> Build);
