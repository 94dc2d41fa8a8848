namespace Basgd.Aggregation;

/// <summary>
/// The attacks that are built in, asked for by text, <c>name(key=value, …)</c>.
/// To add one: a file in this folder with the class and its definition, and a line in <see cref="Definitions"/>.
/// </summary>
public static class Attacks
{
    private static readonly IReadOnlyList<AttackDefinition> Definitions =
    [
        NoAttack.Definition,
        NegativeGradient.Definition,
        RandomDisturbance.Definition,
    ];

    /// <summary>Every attack.</summary>
    public static IReadOnlyList<AttackInfo> All { get; } = [.. Definitions.Select(static d => d.Info)];

    /// <summary>The attack a text asks for.</summary>
    /// <param name="text">Such as <c>negative-gradient(k=10)</c>.</param>
    /// <exception cref="ArgumentException">Malformed or unknown, or a parameter is unknown or out of range; the message names it, its value and its bound.</exception>
    public static IAttack Create(string text)
    {
        var (asked, definition) = Catalog.Find(text, "attack", Definitions, static d => d.Info.Name);
        return definition.Build(new Arguments(asked, definition.Info.Parameters, defaultF: 0));
    }

    /// <summary>Refuses what <see cref="Create"/> refuses.</summary>
    /// <inheritdoc cref="Create"/>
    public static void Validate(string text) => Create(text);
}
