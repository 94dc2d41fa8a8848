namespace Basgd.Aggregation;

/// <summary>Where an attack takes place, and so what must be done for it to take place.</summary>
public enum AttackSide
{
    /// <summary>On the worker's own gradient, by <see cref="IAttack.Apply"/>.</summary>
    Gradient,

    /// <summary>
    /// On the worker's data: label y of C classes becomes C − 1 − y before the gradient is computed. <see cref="IAttack.Apply"/> changes
    /// nothing.
    /// </summary>
    Data,

    /// <summary>The worker computes and sends nothing. <see cref="IAttack.Apply"/> changes nothing.</summary>
    Silence,

    /// <summary>
    /// The attackers see what the honest workers send, which workers of a job never do: an <see cref="ICollusiveAttack"/>, for
    /// simulation only.
    /// </summary>
    Collusion,
}
