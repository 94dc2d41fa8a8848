using Basgd.Aggregation.Kernels;
using System.Numerics;

namespace Basgd.Aggregation;

/// <summary>
/// An attack at the strength τ at which the aggregate is farthest from the mean of the honest vectors, found by trying the server's own
/// rule. Shejwalkar, Houmansadr: Manipulating the Byzantine, NDSS 2021; the search is ByzFL's.
/// </summary>
internal sealed class OptimalStrength(Func<double, ICollusiveAttack> attack, StrengthSearch search) : ICollusiveAttack
{
    private const string Paper = "Shejwalkar and Houmansadr, NDSS 2021";

    public static readonly AttackDefinition<ICollusiveAttack> InnerProductManipulation = new(
        new AttackInfo(
            "optimal-inner-product-manipulation",
            "inner-product-manipulation with the tau that harms most",
            StrengthSearch.Parameters,
            Paper,
            AttackSide.Collusion),
        static arguments => new OptimalStrength(static tau => new InnerProductManipulation(tau), StrengthSearch.From(arguments)));

    public static readonly AttackDefinition<ICollusiveAttack> ALittleIsEnough = new(
        new AttackInfo(
            "optimal-a-little-is-enough",
            "a-little-is-enough with the tau that harms most",
            StrengthSearch.Parameters,
            Paper,
            AttackSide.Collusion),
        static arguments => new OptimalStrength(static tau => new ALittleIsEnough(tau), StrengthSearch.From(arguments)));

    public void Forge<T>(ReadOnlySpan<ReadOnlyMemory<T>> honest, AttackTarget<T> target, Span<T> forged)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        attack(Strength(honest, target, forged.Length)).Forge(honest, target, forged);

    /// <summary>The τ found.</summary>
    internal double Strength<T>(ReadOnlySpan<ReadOnlyMemory<T>> honest, AttackTarget<T> target, int dimension)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(target.Rule, nameof(target));
        HonestRows.Demand("optimal attack", 1, honest, dimension);
        var forged = new T[dimension];
        var rows = new ReadOnlyMemory<T>[honest.Length + target.Attackers];
        honest.CopyTo(rows);
        rows.AsSpan(honest.Length).Fill(forged);
        var aggregate = new T[dimension];
        var mean = HonestRows.Mean(honest, dimension);
        return search.Run(tau =>
        {
            attack(tau).Forge<T>(rows.AsSpan(0, rows.Length - target.Attackers), target, forged);

            // What is not finite is refused, and does no harm.
            if (!Finite.AllOf<T>(forged)) return double.NegativeInfinity;
            target.Rule.Aggregate(rows, aggregate, target.Round);
            var squared = 0.0;
            for (var k = 0; k < dimension; k++)
            {
                var moved = double.CreateChecked(aggregate[k]) - mean[k];
                squared += moved * moved;
            }

            return Math.Sqrt(squared);
        });
    }
}
