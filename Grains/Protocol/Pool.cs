using Basgd.Contracts;

namespace Basgd.Protocol;

/// <summary>What a buffer of a step tells of the workers in it, in units that are alike for all buffers and rounds.</summary>
/// <param name="Shares">The part of its contributions that each worker sent; they add up to 1.</param>
/// <param name="Power">log N_b‖h_b − G‖², less the median over buffers. N_b‖h_b − G‖² is about the mean of what it would be of each contribution alone.</param>
/// <param name="Lean">⟨h_b, G⟩, less the median over buffers and over its robust deviation: exactly the mean over the contributions.</param>
/// <param name="Noise">How much more ⟨h_b, G⟩ varies than that of the usual buffer, by its distance, ≥ 1.</param>
public sealed record Pool(IReadOnlyList<(int Worker, double Share)> Shares, double Power, double Lean, double Noise)
{
    /// <summary>Below that many buffers there is no telling which is unusual.</summary>
    private const int Fewest = 3;

    /// <summary>The buffers of a step; none where too few have a distance, as those do not that a rule took for its aggregate.</summary>
    /// <param name="contributions">By buffer.</param>
    /// <param name="spread">As it was measured.</param>
    public static IReadOnlyList<Pool> Of(IReadOnlyList<IReadOnlyList<Contribution>> contributions, Spread spread)
    {
        int[] usable = [.. Enumerable.Range(0, contributions.Count).Where(b => spread.Distances[b] > 0 && double.IsFinite(spread.Distances[b]) && contributions[b].Count > 0)];
        if (usable.Length < Fewest) return [];
        double[] powers = [.. usable.Select(b => Math.Log(contributions[b].Count) + (2 * Math.Log(spread.Distances[b])))];
        double[] squares = [.. usable.Select(b => spread.Distances[b] * spread.Distances[b])];

        // ⟨h, G⟩ = (‖h‖² + ‖G‖² − ‖h − G‖²)/2, of which only what differs between buffers counts.
        double[] leans = [.. usable.Select((b, i) => (spread.Norms[b] * spread.Norms[b]) - squares[i])];
        var (power, square, lean) = (Trait.Median(powers), Trait.Median(squares), Trait.Median(leans));
        var deviation = 1.4826 * Trait.Median([.. leans.Select(value => Math.Abs(value - lean))]);
        return
        [
            .. usable.Select((b, i) => new Pool(
                [.. contributions[b].CountBy(static contribution => contribution.Worker).Select(entry => (entry.Key, (double)entry.Value / contributions[b].Count))],
                powers[i] - power,
                deviation > 0 ? (leans[i] - lean) / deviation : 0,
                Math.Max(1, squares[i] / square))),
        ];
    }
}
