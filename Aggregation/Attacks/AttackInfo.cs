namespace Basgd.Aggregation;

/// <summary>What a built-in attack is.</summary>
/// <param name="Name">As in the literature.</param>
/// <param name="Summary">One line.</param>
/// <param name="Parameters">What <c>name(key=value)</c> accepts.</param>
/// <param name="Paper">Where it is from.</param>
/// <param name="Side">Where it takes place.</param>
public sealed record AttackInfo(string Name, string Summary, IReadOnlyList<ParameterInfo> Parameters, string Paper, AttackSide Side = AttackSide.Gradient);

/// <typeparam name="TAttack"><see cref="IAttack"/> or <see cref="ICollusiveAttack"/>.</typeparam>
/// <param name="Build">Reads and checks the parameters.</param>
internal sealed record AttackDefinition<TAttack>(AttackInfo Info, Func<Arguments, TAttack> Build);
