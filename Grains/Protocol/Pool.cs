using Basgd.Contracts;

namespace Basgd.Protocol;

/// <summary>
/// What a buffer of a step tells of the workers in it, in units that are alike for all buffers and rounds. By how much a rule's
/// aggregate is made of each buffer is not known: what is told is the least that <see cref="Weighing"/> leaves to tell.
/// </summary>
/// <param name="Shares">The part of its contributions that each worker sent; they add up to 1.</param>
/// <param name="Power">How much louder than the others its contributions are, as <see cref="Weighing.Powers"/> have it. At least −3 deviations: a distance that is small by chance is nothing special, however small its logarithm.</param>
/// <param name="PowerNoise">Variance of <paramref name="Power"/> around what its members say: that of log χ²_d, and some more, as coordinates do not deviate on their own.</param>
/// <param name="Lean">How far it lies along the aggregate, as <see cref="Weighing.Leans"/> have it: exactly the mean over the contributions.</param>
/// <param name="LeanNoise">
/// Variance of <paramref name="Lean"/> likewise: as much more than 1 as the buffer's squared distance is more than the usual one, and
/// more where few buffers tell what is usual: of three, the robust deviation can be next to nothing.
/// </param>
public sealed record Pool(IReadOnlyList<(int Worker, double Share)> Shares, double Power, double PowerNoise, double Lean, double LeanNoise)
{
    /// <summary>Below that many buffers there is no telling which is unusual.</summary>
    private const int Fewest = 3;

    /// <summary>Deviations below the usual power that are as good as any more.</summary>
    private const double Quietest = 3;

    /// <summary>Variance of log ‖·‖² for all other reasons than that there are few coordinates.</summary>
    private const double Wavering = 0.2;

    /// <summary>How much the fewest buffers add to the variance of a lean, in variances.</summary>
    private const double OfFew = 6;

    /// <summary>The buffers of a step; none where too few have a distance, as those do not that a rule took for its aggregate.</summary>
    /// <param name="contributions">By buffer.</param>
    /// <param name="spread">As it was measured.</param>
    public static IReadOnlyList<Pool> Of(IReadOnlyList<IReadOnlyList<Contribution>> contributions, Spread spread)
    {
        int[] usable = [.. Enumerable.Range(0, contributions.Count).Where(b => spread.Distances[b] > 0 && double.IsFinite(spread.Distances[b]) && contributions[b].Count > 0)];
        if (usable.Length < Fewest) return [];
        var weighings = Weighing.All(contributions, usable, spread);
        var square = Trait.Median([.. usable.Select(b => spread.Distances[b] * spread.Distances[b])]);
        var powerNoise = Wavering + LogVariance(spread.Dimension);
        var few = 1 + (OfFew / ((usable.Length - 2) * (usable.Length - 2)));
        return
        [
            .. usable.Select((b, i) => new Pool(
                [.. contributions[b].CountBy(static contribution => contribution.Worker).Select(entry => (entry.Key, (double)entry.Value / contributions[b].Count))],
                Math.Max(Least(weighings.Select(weighing => weighing.Powers[i])), -Quietest * Math.Sqrt(powerNoise)),
                powerNoise,
                Least(weighings.Select(weighing => weighing.Leans[i])),
                few * Math.Max(1, spread.Distances[b] * spread.Distances[b] / square))),
        ];
    }

    /// <summary>The least in size of all that lies between the least and the greatest of some numbers.</summary>
    private static double Least(IEnumerable<double> numbers)
    {
        double[] all = [.. numbers];
        return Math.Clamp(0, all.Min(), all.Max());
    }

    /// <summary>Of log χ²_d: ψ′(d/2), by the first terms of its asymptotic series, 7 % too high at d = 1.</summary>
    private static double LogVariance(int d) => (2.0 / d) + (2.0 / ((double)d * d)) + (4.0 / (3.0 * d * d * d));
}
