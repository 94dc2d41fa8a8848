using Basgd.Contracts;

namespace Basgd.Protocol;

/// <summary>
/// What a buffer of a step tells of the workers in it, in units that are alike for all buffers and rounds. A contribution is taken to
/// deviate on its own, with variance σ², and G to be the mean of the buffers: then a buffer's own deviation is in G by 1/B, and G has
/// the others' besides, which matters where one buffer has many contributions and another few.
/// </summary>
/// <param name="Shares">The part of its contributions that each worker sent; they add up to 1.</param>
/// <param name="Power">log ‖h_b − G‖²/e_b, less the median over buffers, with e_b = (1 − 2/B)/N_b + Σ_c 1/N_c/B²: ‖h_b − G‖² is expected to be σ²e_b. At least −3 deviations: a distance that is small by chance is nothing special, however small its logarithm.</param>
/// <param name="PowerNoise">Variance of <paramref name="Power"/> around what its members say: that of log χ²_d, and some more, as coordinates do not deviate on their own.</param>
/// <param name="Lean">⟨h_b, G⟩ without its own σ²/(B N_b), less the median over buffers and over its robust deviation: exactly the mean over the contributions.</param>
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
        double rows = contributions.Count;
        double[] squares = [.. usable.Select(b => spread.Distances[b] * spread.Distances[b])];
        double[] parts = [.. usable.Select(b => 1.0 / contributions[b].Count)];
        var common = contributions.Where(static each => each.Count > 0).Sum(static each => 1.0 / each.Count) / (rows * rows);
        double[] variances = [.. squares.Zip(parts, (square, part) => square / (((1 - (2 / rows)) * part) + common))];
        double[] powers = [.. variances.Select(static variance => Math.Log(variance))];

        // ⟨h, G⟩ = (‖h‖² + ‖G‖² − ‖h − G‖²)/2, of which only what differs between buffers counts.
        var own = 2 * Trait.Median(variances) / rows;
        double[] leans = [.. usable.Select((b, i) => (spread.Norms[b] * spread.Norms[b]) - squares[i] - (own * parts[i]))];
        var (power, square, lean) = (Trait.Median(powers), Trait.Median(squares), Trait.Median(leans));
        var deviation = 1.4826 * Trait.Median([.. leans.Select(value => Math.Abs(value - lean))]);
        var powerNoise = Wavering + LogVariance(spread.Dimension);
        var few = 1 + (OfFew / ((usable.Length - 2) * (usable.Length - 2)));
        return
        [
            .. usable.Select((b, i) => new Pool(
                [.. contributions[b].CountBy(static contribution => contribution.Worker).Select(entry => (entry.Key, (double)entry.Value / contributions[b].Count))],
                Math.Max(powers[i] - power, -Quietest * Math.Sqrt(powerNoise)),
                powerNoise,
                deviation > 0 ? (leans[i] - lean) / deviation : 0,
                few * Math.Max(1, squares[i] / square))),
        ];
    }

    /// <summary>Of log χ²_d: ψ′(d/2), by the first terms of its asymptotic series, 7 % too high at d = 1.</summary>
    private static double LogVariance(int d) => (2.0 / d) + (2.0 / ((double)d * d)) + (4.0 / (3.0 * d * d * d));
}
