using Basgd.Aggregation.Kernels;

namespace Basgd.Aggregation;

/// <summary>
/// Looks through all subsets of a size for the one of least width; the first in lexicographic order wins ties. A subset is abandoned,
/// with all that begin like it, as soon as its diameter is as large as the least width.
/// </summary>
internal class SubsetSearch(Geometry geometry, int size)
{
    private readonly int[] members = new int[size];
    private int[] best = [];

    /// <summary>The least width met so far.</summary>
    protected double Least { get; private set; } = double.PositiveInfinity;

    /// <exception cref="ArgumentException">There are more than <paramref name="most"/> subsets of n − f of n rows.</exception>
    public static void Demand(string rule, int f, int n, double most)
    {
        var subsets = 1.0;
        for (var i = 1; i <= f; i++) subsets *= (double)(n - f + i) / i;
        if (subsets > most) throw new ArgumentException($"{rule}: n = {n} rows with f = {f}: must be C(n, f) ≤ {most:F0}, the subsets to search.");
    }

    /// <summary>The rows of the subset, ascending.</summary>
    public int[] Run()
    {
        Extend(count: 0, next: 0, diameter: 0);
        return best;
    }

    /// <summary>The width of a whole subset, not below its squared diameter.</summary>
    protected virtual double Width(ReadOnlySpan<int> subset, double diameter) => diameter;

    /// <summary>Tries every completion of the first <paramref name="count"/> members with rows from <paramref name="next"/> on.</summary>
    private void Extend(int count, int next, double diameter)
    {
        if (diameter >= Least) return;
        if (count == size)
        {
            var width = Width(members, diameter);
            if (width >= Least) return;
            Least = width;
            best = [.. members];
            return;
        }

        for (var i = next; i <= geometry.Count - (size - count); i++)
        {
            var wider = diameter;
            foreach (var j in members.AsSpan(0, count)) wider = Math.Max(wider, geometry.SquaredDistance(i, j));
            members[count] = i;
            Extend(count + 1, i + 1, wider);
        }
    }
}
