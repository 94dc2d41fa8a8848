namespace Basgd.Aggregation;

/// <summary>
/// The attacks that are built in, asked for by text, <c>name(key=value, …)</c>: those that a Byzantine worker mounts on its own, in a
/// job or a simulation, and those for which it must see what the honest workers send, in a simulation only.
/// To add one: a file in this folder with the class and its definition, and a line in <see cref="Definitions"/> or
/// <see cref="CollusiveDefinitions"/>.
/// </summary>
public static class Attacks
{
    private static readonly IReadOnlyList<AttackDefinition<IAttack>> Definitions =
    [
        NoAttack.Definition,
        NegativeGradient.Definition,
        RandomDisturbance.Definition,
        SignFlipping.Definition,
        GaussianNoise.Definition,
        NotFinite.Infinity,
        NotFinite.NaN,
        Elsewhere.LabelFlipping,
        Elsewhere.Silent,
    ];

    private static readonly IReadOnlyList<AttackDefinition<ICollusiveAttack>> CollusiveDefinitions =
    [
        InnerProductManipulation.Definition,
        OptimalStrength.InnerProductManipulation,
        ALittleIsEnough.Definition,
        OptimalStrength.ALittleIsEnough,
        Mimic.Definition,
    ];

    /// <summary>Every attack; the collusive ones last.</summary>
    public static IReadOnlyList<AttackInfo> All { get; } = [.. Definitions.Select(static d => d.Info), .. CollusiveDefinitions.Select(static d => d.Info)];

    /// <summary>The attack a text asks for.</summary>
    /// <param name="text">Such as <c>negative-gradient(k=10)</c>.</param>
    /// <exception cref="ArgumentException">Malformed or unknown, a parameter is unknown or out of range (the message names it, its value and its bound), or the attack is collusive.</exception>
    public static IAttack Create(string text)
    {
        if (IsAmong(CollusiveDefinitions, text, out var name)) throw new ArgumentException($"{name}: needs the honest workers' gradients, which a worker of a job does not see: it is for simulation only.");
        return Build(text, "attack", Definitions);
    }

    /// <summary>The collusive attack a text asks for.</summary>
    /// <param name="text">Such as <c>a-little-is-enough(tau=1.5)</c>.</param>
    /// <exception cref="ArgumentException">Malformed or unknown, a parameter is unknown or out of range (the message names it, its value and its bound), or the attack is not collusive.</exception>
    public static ICollusiveAttack CreateCollusive(string text)
    {
        if (IsAmong(Definitions, text, out var name)) throw new ArgumentException($"{name}: every attacker mounts it on its own, without the honest workers' gradients.");
        return Build(text, "collusive attack", CollusiveDefinitions);
    }

    /// <summary>Refuses what <see cref="Create"/> refuses: whatever the workers of a job cannot do.</summary>
    /// <inheritdoc cref="Create"/>
    public static void Validate(string text) => Create(text);

    private static bool IsAmong<TAttack>(IReadOnlyList<AttackDefinition<TAttack>> definitions, string text, out string name)
    {
        name = NamedParameters.TryParse(text, out var asked) ? asked.Name : "";
        foreach (var definition in definitions)
        {
            if (definition.Info.Name == name) return true;
        }

        return false;
    }

    private static TAttack Build<TAttack>(string text, string kind, IReadOnlyList<AttackDefinition<TAttack>> definitions)
    {
        var (asked, definition) = Catalog.Find(text, kind, definitions, static d => d.Info.Name);
        return definition.Build(new Arguments(asked, definition.Info.Parameters, defaultF: 0));
    }
}
