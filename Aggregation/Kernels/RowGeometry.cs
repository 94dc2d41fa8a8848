using System.Numerics;

namespace Basgd.Aggregation.Kernels;

/// <summary>The geometry of rows in memory; their distances in float are off by at most <see cref="DistancePass{T}.FloatError"/>.</summary>
internal sealed class RowGeometry<T>(ReadOnlySpan<ReadOnlyMemory<T>> rows, SimdWidth width, int threads) : Geometry(rows.Length)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Below this share of its terms, a sum of measured distances is measured itself: so much does their error grow at most.</summary>
    public static readonly double ErrorLimit = typeof(T) == typeof(double) ? 1e-4 : 1e-3;

    private readonly ReadOnlyMemory<T>[] rows = rows.ToArray();

    protected override double CancellationLimit => ErrorLimit;

    /// <summary>The squared distances, the origin's last; zeros for the latter where they are not asked for.</summary>
    public double[][] Squared(bool withNorms)
    {
        if (withNorms) MeasureAll();
        var squared = new double[Count + 1][];
        for (var i = 0; i <= Count; i++)
        {
            squared[i] = new double[Count + 1];
            for (var j = 0; j <= Count; j++)
            {
                if (i < Count && j < Count) squared[i][j] = SquaredDistance(i, j);
                else if (withNorms && i != j) squared[i][j] = SquaredNorm(Math.Min(i, j));
            }
        }

        return squared;
    }

    /// <summary>Distances between mixtures of the rows, measured: <see cref="MixedDistancePass{T}.Measure"/>.</summary>
    public void MeasureMixed(double[][] mixing, bool pairs, Span<double> squared)
    {
        using var pinned = new PinnedRows<T>(rows);
        MixedDistancePass<T>.Measure(pinned, rows[0].Length, mixing, pairs, width, threads, squared);
        Check(squared);
    }

    protected override void Measure(bool distances, bool norms, Span<double> squared)
    {
        using var pinned = new PinnedRows<T>(rows);
        DistancePass<T>.Measure(pinned, rows[0].Length, distances, norms, width, threads, squared);
        Check(squared);
    }

    protected override void MeasureFrom(int i, Span<double> distances)
    {
        var squared = Square();
        using (var pinned = new PinnedRows<T>(rows)) DistancePass<T>.Measure(pinned, rows[0].Length, pairs: false, norms: true, width, threads, squared, centre: i);
        Check(squared);
        LastRow(squared).CopyTo(distances);
    }

    protected override void MeasureTo(ReadOnlySpan<double> a, Span<double> distances)
    {
        var mixing = new double[Count + 1][];
        for (var i = 0; i < Count; i++) (mixing[i] = new double[Count])[i] = 1;
        mixing[Count] = a.ToArray();
        var squared = Square();
        MeasureMixed(mixing, pairs: false, squared);
        LastRow(squared).CopyTo(distances);
    }

    private double[] Square() => new double[(Count + 1) * (Count + 1)];

    private ReadOnlySpan<double> LastRow(double[] squared) => squared.AsSpan(Count * (Count + 1), Count);

    private void Check(ReadOnlySpan<double> squared)
    {
        if (!Finite.All(squared)) throw RowChecks.NotFinite<T>(rows);
    }
}
