using Basgd.Contracts;

namespace Basgd.Protocol;

/// <summary>
/// What a step tells of its buffers if its aggregate is Σ_b w_b h_b with w_b = N_b^p/Σ_c N_c^p. A contribution is taken to deviate on
/// its own, with variance σ²: then a buffer's own deviation is in G by w_b, and G has the others' besides, which matters where one
/// buffer has many contributions and another few.
/// </summary>
/// <param name="Powers">By buffer: log ‖h_b − G‖²/e_b, less the median over buffers, with e_b = (1 − 2w_b)/N_b + Σ_c w_c²/N_c: ‖h_b − G‖² is expected to be σ²e_b.</param>
/// <param name="Leans">By buffer: ⟨h_b, G⟩ without its own σ²w_b/N_b, less the median over buffers and over its robust deviation.</param>
public sealed record Weighing(IReadOnlyList<double> Powers, IReadOnlyList<double> Leans)
{
    /// <summary>
    /// p of the rules: 0 of a mean of the buffers; ½ of a median, in which a row counts by its density there, 1/σ_b; and more where
    /// some rows are so much more exact than the others that it lies between them, as 1 has it, the best of all means.
    /// </summary>
    private static readonly double[] Exponents = [0, 0.5, 1];

    /// <summary>As each of the rules may have it.</summary>
    /// <param name="contributions">By buffer.</param>
    /// <param name="usable">Buffers that have a distance, at least 3; the lists are of these, in this order.</param>
    /// <param name="spread">As it was measured.</param>
    public static IReadOnlyList<Weighing> All(IReadOnlyList<IReadOnlyList<Contribution>> contributions, IReadOnlyList<int> usable, Spread spread) =>
        [.. Exponents.Select(exponent => Of([.. contributions.Select(static each => each.Count)], usable, spread, exponent))];

    private static Weighing Of(int[] counts, IReadOnlyList<int> usable, Spread spread, double exponent)
    {
        double[] sizes = [.. counts.Select(count => count > 0 ? Math.Pow(count, exponent) : 0)];
        var all = sizes.Sum();
        double[] weights = [.. sizes.Select(size => size / all)];
        double[] owns = [.. weights.Zip(counts, static (weight, count) => count > 0 ? weight / count : 0)];
        var common = weights.Zip(owns, static (weight, own) => weight * own).Sum();
        double[] squares = [.. usable.Select(b => spread.Distances[b] * spread.Distances[b])];
        double[] variances = [.. usable.Select((b, i) => squares[i] / ((1.0 / counts[b]) - (2 * owns[b]) + common))];

        // ⟨h, G⟩ = (‖h‖² + ‖G‖² − ‖h − G‖²)/2, of which only what differs between buffers counts.
        var variance = Trait.Median(variances);
        var leans = LessMedian(usable.Select((b, i) => (spread.Norms[b] * spread.Norms[b]) - squares[i] - (2 * variance * owns[b])));
        var deviation = Trait.OfMedian * Trait.Median([.. leans.Select(Math.Abs)]);
        return new Weighing(LessMedian(variances.Select(static value => Math.Log(value))), [.. leans.Select(lean => deviation > 0 ? lean / deviation : 0)]);
    }

    private static double[] LessMedian(IEnumerable<double> values)
    {
        double[] all = [.. values];
        var median = Trait.Median(all);
        return [.. all.Select(value => value - median)];
    }
}
