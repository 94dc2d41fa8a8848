using Basgd.Aggregation.Kernels;

namespace Basgd.Aggregation;

/// <summary>
/// Smallest maximum eigenvalue averaging: the mean of the n − f rows S whose covariance
/// (1/|S|) Σ_S (xᵢ − μ)(xᵢ − μ)ᵀ has the smallest largest eigenvalue; the first such subset in lexicographic order wins ties.
/// One pass for the distances, one for the mean; the search between is exact, over at most C(n, f) subsets. (ByzFL takes one power
/// step from a random vector for the eigenvalue.) Needs n ≥ 2f + 1, stands f bad rows.
/// Allouah, Guerraoui, Gupta, Pinot, Stephan: On the privacy-robustness-utility trilemma in distributed learning, ICML 2023.
/// </summary>
internal sealed class Smea(int f) : SubsetRule("smea", f, mostSubsets: 1e6)
{
    public static readonly RuleDefinition Definition = new(
        new RuleInfo("smea", "the mean of the n − f rows whose covariance has the smallest largest eigenvalue", [F], "f, n ≥ 2f + 1", "Allouah et al., ICML 2023"),
        static arguments => new Smea(arguments.Integer("f", atLeast: 0)));

    protected override SubsetSearch Search(Geometry geometry, int size) => new EigenvalueSearch(geometry, size);

    private sealed class EigenvalueSearch : SubsetSearch
    {
        private readonly Geometry geometry;
        private readonly double[] shares;
        private readonly double[] projections;

        public EigenvalueSearch(Geometry geometry, int size)
            : base(geometry, size)
        {
            this.geometry = geometry;
            shares = new double[size];
            Array.Fill(shares, 1.0 / size);
            projections = new double[size];
        }

        /// <summary>2|S| times the largest eigenvalue: of two rows alone it is their squared distance, and more rows make it no smaller.</summary>
        protected override double Width(ReadOnlySpan<int> subset, double diameter)
        {
            var covariance = new Covariance(geometry, subset, shares);
            var factor = 2.0 * subset.Length;
            var atLeast = factor * covariance.LargestAtLeast();
            return atLeast >= Least ? atLeast : factor * covariance.Largest(projections);
        }
    }
}
