namespace Basgd.Aggregation;

/// <summary>What a Byzantine worker does to its gradient before it sends it. Stateless and thread-safe.</summary>
public interface IAttack
{
    /// <summary>Changes the gradient in place.</summary>
    /// <param name="gradient">The honest gradient; length d.</param>
    /// <param name="random">Source of all chance: the same state gives the same attack.</param>
    void Apply(Span<float> gradient, Random random);
}
