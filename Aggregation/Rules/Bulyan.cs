using Basgd.Aggregation.Kernels;

namespace Basgd.Aggregation;

/// <summary>
/// Krum, repeated on the rows not yet chosen, chooses θ = n − 2f rows; then in each coordinate the mean of the θ − 2f chosen values
/// nearest to their median. Among m rows Krum sums the distances to the m − f − 2 nearest others, at least one; the lowest index
/// wins ties. One pass for the distances, one over the chosen rows. Needs n ≥ 4f + 3, stands f bad rows.
/// El Mhamdi, Guerraoui, Rouault: The hidden vulnerability of distributed learning in Byzantium, ICML 2018.
/// </summary>
internal sealed class Bulyan(int f) : CoordinateRule
{
    public static readonly RuleDefinition Definition = new(
        new RuleInfo(
            "bulyan",
            "Krum chooses n − 2f rows; of them the mean, in each coordinate, of the n − 4f values nearest to the median",
            [F],
            "f, n ≥ 4f + 3",
            "El Mhamdi et al., ICML 2018"),
        static arguments => new Bulyan(arguments.Integer("f", atLeast: 0)));

    public override PreAggregation Selection { get; } = new RepeatedKrum(f);

    public override ColumnFormula Formula(int n) => new MeanOfNearest(n, n - (2 * f));

    private sealed class RepeatedKrum(int f) : PreAggregation
    {
        public override void Demand(int n)
        {
            if (n < (4L * f) + 3) throw TooFew("bulyan", "4f + 3", (4L * f) + 3, f, n);
        }

        public override int Count(int n) => n - (2 * f);

        public override double[][] Mix(Geometry geometry, long round)
        {
            var n = geometry.Count;
            var left = Enumerable.Range(0, n).ToList();
            var chosen = new double[Count(n)][];
            foreach (ref var row in chosen.AsSpan())
            {
                var best = left.MinBy(i => Score(geometry, i, left));
                left.Remove(best);
                (row = new double[n])[best] = 1;
            }

            return chosen;
        }

        private double Score(Geometry geometry, int i, List<int> rows) =>
            rows.Where(j => j != i).Select(j => geometry.SquaredDistance(i, j)).Order().Take(Math.Max(rows.Count - f - 2, 1)).Sum();
    }
}
