using System.Numerics;

namespace Basgd.Aggregation.Kernels;

/// <summary>
/// The geometry of mixtures yᵢ = Σₖ Mᵢₖ xₖ. With c = Mᵢ − Mⱼ, whose weights add up to 0 once the origin has its share,
/// ‖yᵢ − yⱼ‖² = −½ Σₖₗ cₖ cₗ Dₖₗ: no pass over the rows beyond the one for D. Where those terms cancel, the mixtures are measured.
/// </summary>
/// <param name="given">The rows xₖ.</param>
/// <param name="mixing">M: for each mixture, n weights.</param>
internal sealed class MixedGeometry<T>(RowGeometry<T> given, double[][] mixing) : Geometry(mixing.Length)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>By so much may weights that are meant to add up to 1 miss it.</summary>
    private const double WeightRounding = 1e-12;

    /// <summary>Below this share of its terms, what is summed in double has lost too many of its digits.</summary>
    private static readonly double RoundingLimit = typeof(T) == typeof(double) ? 1e-4 : 1e-10;

    protected override double CancellationLimit => RowGeometry<T>.ErrorLimit;

    protected override void Measure(bool distances, bool norms, Span<double> squared)
    {
        if (!Derive(distances, norms, squared)) given.MeasureMixed([.. mixing, new double[given.Count]], distances, squared);
    }

    protected override void MeasureTo(ReadOnlySpan<double> a, Span<double> distances)
    {
        var size = Count + 1;
        var squared = new double[size * size];
        given.MeasureMixed([.. mixing, Mixing.Fold(a, mixing)], pairs: false, squared);
        squared.AsSpan(Count * size, Count).CopyTo(distances);
    }

    /// <returns>False when the terms of one cancel.</returns>
    private bool Derive(bool distances, bool norms, Span<double> squared)
    {
        var size = Count + 1;
        var weights = WithOrigin();
        var known = given.Squared(withNorms: norms || weights.Take(Count).Any(static row => row[^1] != 0));
        var products = Multiply(weights, known);
        Span<double> within = new double[size];
        for (var i = 0; i < size; i++) within[i] = Dot(products[i], weights[i]) / 2;
        for (var i = 0; i < size; i++)
        {
            for (var j = i + 1; j < size; j++)
            {
                if (!(j == Count ? norms : distances)) continue;
                var between = Dot(products[i], weights[j]);
                var square = between - within[i] - within[j];
                var terms = Terms(weights[i], weights[j], known);
                if (terms == 0) square = 0;
                else if (square < RowGeometry<T>.ErrorLimit * terms || square < RoundingLimit * (between + within[i] + within[j])) return false;
                squared[(i * size) + j] = squared[(j * size) + i] = square;
            }
        }

        return true;
    }

    /// <summary>The weights of the mixtures and, as one more, of the origin; the origin's weight comes last, so that they add up to 1.</summary>
    private double[][] WithOrigin()
    {
        var weights = new double[Count + 1][];
        for (var i = 0; i < Count; i++)
        {
            var rest = 1 - mixing[i].Sum();
            weights[i] = [.. mixing[i], Math.Abs(rest) < WeightRounding ? 0 : rest];
        }

        weights[Count] = [.. new double[given.Count], 1];
        return weights;
    }

    /// <summary>½ Σ |cₖ cₗ| Dₖₗ, what cancels at most; bounded from above, up to a factor of two, by way of the row that weighs most.</summary>
    private static double Terms(double[] a, double[] b, double[][] known)
    {
        var (heaviest, most, total) = (0, 0.0, 0.0);
        for (var k = 0; k < a.Length; k++)
        {
            var c = Math.Abs(a[k] - b[k]);
            total += c;
            if (c > most) (heaviest, most) = (k, c);
        }

        var terms = 0.0;
        for (var k = 0; k < a.Length; k++) terms += Math.Abs(a[k] - b[k]) * known[heaviest][k];
        return total * terms;
    }

    private static double[][] Multiply(double[][] a, double[][] b)
    {
        var product = new double[a.Length][];
        for (var i = 0; i < a.Length; i++)
        {
            product[i] = new double[b.Length];
            for (var k = 0; k < b.Length; k++)
            {
                if (a[i][k] != 0) Widening.MultiplyAdd<double>(b[k], a[i][k], product[i]);
            }
        }

        return product;
    }

    private static double Dot(double[] x, double[] y)
    {
        var sum = 0.0;
        for (var k = 0; k < x.Length; k++) sum += x[k] * y[k];
        return sum;
    }
}
