namespace Basgd.Aggregation.Kernels;

/// <summary>
/// Where n rows lie to each other. Nothing is computed before it is asked for; the first question costs one pass over the rows,
/// the others none.
/// </summary>
internal abstract class Geometry(int count)
{
    private double[]? squared;
    private bool hasDistances;
    private bool hasNorms;

    /// <summary>Number of rows n.</summary>
    public int Count => count;

    /// <summary>‖xᵢ − xⱼ‖².</summary>
    public double SquaredDistance(int i, int j)
    {
        if (!hasDistances) Measure(distances: true, norms: false);
        return squared![(i * (count + 1)) + j];
    }

    /// <summary>‖xᵢ‖²: the origin is measured against as if it were one row more.</summary>
    public double SquaredNorm(int i)
    {
        if (!hasNorms) Measure(distances: false, norms: true);
        return squared![(i * (count + 1)) + count];
    }

    /// <summary>Measures distances and norms in one pass: for a rule that is going to ask for both, which would be two.</summary>
    public void MeasureAll() => Measure(distances: !hasDistances, norms: !hasNorms);

    /// <summary>The rows from nearest to farthest from row i, itself among them; the lowest index first where tied.</summary>
    public int[] Nearest(int i) => Nearest(j => SquaredDistance(i, j));

    /// <summary>The same for a rule that asks about this row alone: no other distances are measured.</summary>
    public int[] NearestToOne(int i)
    {
        if (hasDistances) return Nearest(i);
        var distances = new double[count];
        MeasureFrom(i, distances);
        return Nearest(j => distances[j]);
    }

    /// <summary>The sum of row i's <paramref name="neighbours"/> smallest squared distances to other rows, smallest first.</summary>
    public double SumOfNearest(int i, int neighbours)
    {
        var others = new double[count - 1];
        for (int j = 0, next = 0; j < count; j++)
        {
            if (j != i) others[next++] = SquaredDistance(i, j);
        }

        Array.Sort(others);
        var sum = 0.0;
        foreach (var distance in others.AsSpan(0, neighbours)) sum += distance;
        return sum;
    }

    /// <summary>
    /// ‖z − xⱼ‖² for z = Σ aᵢ xᵢ, which is Σᵢ aᵢ Dᵢⱼ − ½ Σᵢₖ aᵢ aₖ Dᵢₖ once the weights, the origin's among them, add up to 1: no pass
    /// over the rows. Where those terms cancel, as with a row 10³⁰ times the others, the distances are measured instead.
    /// </summary>
    /// <param name="a">The rows' weights; length n.</param>
    /// <param name="origin">1 − Σ aᵢ, exactly 0 where the weights are meant to add up to 1.</param>
    /// <param name="distances">Filled; length n.</param>
    public void SquaredDistancesTo(ReadOnlySpan<double> a, double origin, Span<double> distances)
    {
        // The norms may cost a pass: only where they count.
        var spread = 0.0;
        var fromOrigin = 0.0;
        for (var j = 0; j < count; j++)
        {
            distances[j] = origin == 0 ? 0 : origin * SquaredNorm(j);
            for (var i = 0; i < count; i++) distances[j] += a[i] * SquaredDistance(i, j);
            spread += a[j] * distances[j];
            if (origin != 0) fromOrigin += a[j] * SquaredNorm(j);
        }

        spread += origin * fromOrigin;

        var cancelled = false;
        foreach (ref var distance in distances)
        {
            var terms = distance + (spread / 2);
            distance -= spread / 2;
            cancelled |= distance < CancellationLimit * terms;
        }

        if (cancelled) MeasureTo(a, distances);
    }

    /// <summary>Below this share of its terms, a sum of them that cancel has lost too many of its digits.</summary>
    protected abstract double CancellationLimit { get; }

    /// <summary>Fills in ‖xᵢ − xⱼ‖² and, in row and column n, ‖xⱼ‖².</summary>
    /// <param name="squared">(n+1)×(n+1), zero where never measured; what is not asked for stays.</param>
    protected abstract void Measure(bool distances, bool norms, Span<double> squared);

    /// <summary>Fills in ‖xᵢ − xⱼ‖² by j.</summary>
    protected virtual void MeasureFrom(int i, Span<double> distances)
    {
        for (var j = 0; j < count; j++) distances[j] = SquaredDistance(i, j);
    }

    /// <summary>Fills in ‖Σ aᵢ xᵢ − xⱼ‖², measured.</summary>
    protected abstract void MeasureTo(ReadOnlySpan<double> a, Span<double> distances);

    private int[] Nearest(Func<int, double> distance) => [.. Enumerable.Range(0, count).OrderBy(distance)];

    private void Measure(bool distances, bool norms)
    {
        if (!distances && !norms) return;
        Measure(distances, norms, squared ??= new double[(count + 1) * (count + 1)]);
        hasDistances |= distances;
        hasNorms |= norms;
    }
}
