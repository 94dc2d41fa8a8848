using System.Numerics;

namespace Basgd.Aggregation;

/// <summary>
/// What Byzantine workers do who see everything that the honest ones send in a round: the papers' worst case. Possible only where one
/// program plays all workers. Stateless and thread-safe.
/// </summary>
public interface ICollusiveAttack
{
    /// <summary>Makes the vector that every one of the attackers sends.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="honest">The honest workers' h vectors, finite, of d values each.</param>
    /// <param name="target">Who attacks what.</param>
    /// <param name="forged">Filled; length d.</param>
    /// <exception cref="ArgumentException">Vectors of other lengths, or too few of them; the message gives the bound.</exception>
    void Forge<T>(ReadOnlySpan<ReadOnlyMemory<T>> honest, AttackTarget<T> target, Span<T> forged)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;
}

/// <summary>What the attackers know of what their vectors go into.</summary>
/// <param name="Rule">How the server will aggregate the honest vectors and, after them, the forged ones.</param>
/// <param name="Attackers">How many send the forged vector, ≥ 0.</param>
/// <param name="Round">The round that the server will give its rule.</param>
public readonly record struct AttackTarget<T>(IRule<T> Rule, int Attackers, long Round = 0)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;
