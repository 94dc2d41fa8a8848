namespace Basgd.Aggregation;

/// <summary>What a Byzantine worker does on its own. Stateless and thread-safe.</summary>
public interface IAttack
{
    /// <summary>Where it takes place: never <see cref="AttackSide.Collusion"/>.</summary>
    AttackSide Side => AttackSide.Gradient;

    /// <summary>Changes the gradient in place before it is sent.</summary>
    /// <param name="gradient">The honest gradient; length d.</param>
    /// <param name="random">Source of all chance: the same state gives the same attack.</param>
    void Apply(Span<float> gradient, Random random);
}
