using Basgd.Aggregation.Kernels;

namespace Basgd.Aggregation;

/// <summary>
/// Minimum-diameter averaging: the mean of the n − f rows whose farthest two are nearest; the first such subset in lexicographic
/// order wins ties. One pass for the distances, one for the mean; the search between is exact, over at most C(n, f) subsets, and
/// abandons one as soon as it is as wide as the best. Needs n ≥ 2f + 1, stands f bad rows.
/// El Mhamdi, Guerraoui, Guirguis, Hoang, Rouault: Genuinely distributed Byzantine machine learning, PODC 2020.
/// </summary>
internal sealed class Mda(int f) : WeightRule
{
    private const double MostSubsets = 1e7;

    public static readonly RuleDefinition Definition = new(
        new RuleInfo("mda", "the mean of the n − f rows of the smallest diameter", [F], "f, n ≥ 2f + 1", "El Mhamdi et al., PODC 2020"),
        static arguments => new Mda(arguments.Integer("f", atLeast: 0)));

    public override void Demand(int n)
    {
        DemandMajority("mda", f, n);
        var subsets = 1.0;
        for (var i = 1; i <= f; i++) subsets *= (double)(n - f + i) / i;
        if (subsets > MostSubsets) throw new ArgumentException($"mda: n = {n} rows with f = {f}: must be C(n, f) ≤ {MostSubsets:F0}, the subsets to search.");
    }

    public override void Weigh(Geometry geometry, Span<double> weights)
    {
        var kept = geometry.Count - f;
        var search = new Search(geometry, kept);
        search.Extend(size: 0, next: 0, diameter: 0);
        foreach (var i in search.Best) weights[i] = 1.0 / kept;
    }

    private sealed class Search(Geometry geometry, int kept)
    {
        private readonly int[] members = new int[kept];
        private double least = double.PositiveInfinity;

        public int[] Best { get; } = new int[kept];

        /// <summary>Tries every completion of the first <paramref name="size"/> members with rows from <paramref name="next"/> on.</summary>
        public void Extend(int size, int next, double diameter)
        {
            if (diameter >= least) return;
            if (size == kept)
            {
                least = diameter;
                members.CopyTo(Best, 0);
                return;
            }

            for (var i = next; i <= geometry.Count - (kept - size); i++)
            {
                var wider = diameter;
                foreach (var j in members.AsSpan(0, size)) wider = Math.Max(wider, geometry.SquaredDistance(i, j));
                members[size] = i;
                Extend(size + 1, i + 1, wider);
            }
        }
    }
}
