namespace Basgd.Aggregation.Kernels;

/// <summary>
/// Where n rows lie to each other. Nothing is computed before it is asked for; the first question costs one pass over the rows,
/// the others none.
/// </summary>
internal abstract class Geometry(int count)
{
    /// <summary>
    /// Below this share of its terms the difference in <see cref="SquaredDistancesTo"/> has lost more than four of its sixteen digits.
    /// </summary>
    private const double CancellationLimit = 1e-4;

    private double[]? squared;

    /// <summary>Number of rows n.</summary>
    public int Count => count;

    /// <summary>‖xᵢ − xⱼ‖².</summary>
    public double SquaredDistance(int i, int j) => Squared[(i * (count + 1)) + j];

    /// <summary>‖xᵢ‖²: the origin is measured against as if it were one row more.</summary>
    public double SquaredNorm(int i) => Squared[(i * (count + 1)) + count];

    private double[] Squared => squared ??= MeasureAll();

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
    /// ‖z − xⱼ‖² for z = Σ aᵢ xᵢ with Σ aᵢ = 1, which is Σᵢ aᵢ Dᵢⱼ − ½ Σᵢₖ aᵢ aₖ Dᵢₖ: no pass over the rows. Where those terms cancel, as
    /// with a row 10³⁰ times the others, the distances are measured instead.
    /// </summary>
    public void SquaredDistancesTo(ReadOnlySpan<double> a, Span<double> distances)
    {
        var spread = 0.0;
        for (var j = 0; j < count; j++)
        {
            distances[j] = 0;
            for (var i = 0; i < count; i++) distances[j] += a[i] * SquaredDistance(i, j);
            spread += a[j] * distances[j];
        }

        var cancelled = false;
        foreach (ref var distance in distances)
        {
            var terms = distance + (spread / 2);
            distance -= spread / 2;
            cancelled |= distance < CancellationLimit * terms;
        }

        if (cancelled) MeasureTo(a, distances);
    }

    /// <summary>The (n+1)×(n+1) matrix of squared distances, the origin last.</summary>
    protected abstract double[] MeasureAll();

    /// <summary>Fills in ‖Σ aᵢ xᵢ − xⱼ‖², measured.</summary>
    protected abstract void MeasureTo(ReadOnlySpan<double> a, Span<double> distances);
}
