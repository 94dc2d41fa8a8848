using Basgd.Aggregation.Kernels;

namespace Basgd.Aggregation;

/// <summary>
/// Minimum-diameter averaging: the mean of the n − f rows whose farthest two are nearest; the first such subset in lexicographic
/// order wins ties. One pass for the distances, one for the mean; the search between is exact, over at most C(n, f) subsets, and
/// abandons one as soon as it is as wide as the best. Needs n ≥ 2f + 1, stands f bad rows.
/// El Mhamdi, Guerraoui, Guirguis, Hoang, Rouault: Genuinely distributed Byzantine machine learning, PODC 2020.
/// </summary>
internal sealed class Mda(int f) : SubsetRule("mda", f, mostSubsets: 1e7)
{
    public static readonly RuleDefinition Definition = new(
        new RuleInfo("mda", "the mean of the n − f rows of the smallest diameter", [F], "f, n ≥ 2f + 1", "El Mhamdi et al., PODC 2020"),
        static arguments => new Mda(arguments.Integer("f", atLeast: 0)));

    protected override SubsetSearch Search(Geometry geometry, int size) => new SubsetSearch(geometry, size);
}
