using Basgd.Aggregation.Kernels;

namespace Basgd.Aggregation;

/// <summary>
/// The covariance Σ = Σᵢ pᵢ (xᵢ − μ)(xᵢ − μ)ᵀ of some rows about their mean μ = Σᵢ pᵢ xᵢ, seen through the distances: with
/// Gᵢⱼ = ⟨xᵢ − μ, xⱼ − μ⟩, which double centring makes of them, the eigenvalues of √pᵢ Gᵢⱼ √pⱼ are those of Σ that are not zero.
/// No d × d matrix, no pass over the rows.
/// </summary>
internal sealed class Covariance
{
    private readonly double[] shares;

    /// <summary>G, row by row.</summary>
    private readonly double[] products;

    /// <param name="members">The rows, m ≥ 1 of them.</param>
    /// <param name="shares">Their pᵢ > 0, which add up to 1.</param>
    public Covariance(Geometry geometry, ReadOnlySpan<int> members, double[] shares)
    {
        this.shares = shares;
        var m = members.Length;
        products = new double[m * m];
        var toMean = new double[m];
        var spread = 0.0;
        for (var i = 0; i < m; i++)
        {
            for (var j = 0; j < m; j++) toMean[i] += shares[j] * (products[(i * m) + j] = geometry.SquaredDistance(members[i], members[j]));
            spread += shares[i] * toMean[i];
        }

        for (var i = 0; i < m; i++)
        {
            for (var j = 0; j < m; j++) products[(i * m) + j] = (toMean[i] + toMean[j] - products[(i * m) + j] - spread) / 2;
        }
    }

    /// <summary>
    /// A value that the largest eigenvalue is not below, in O(m²): a Rayleigh quotient after some power steps from the longest deviation.
    /// </summary>
    public double LargestAtLeast()
    {
        const int Steps = 3;
        var m = shares.Length;
        var matrix = Weighted();
        var longest = 0;
        for (var i = 1; i < m; i++)
        {
            if (matrix[i * (m + 1)] > matrix[longest * (m + 1)]) longest = i;
        }

        var quotient = matrix[longest * (m + 1)];
        var vector = new double[m];
        vector[longest] = 1;
        for (var step = 0; step < Steps; step++)
        {
            var next = new double[m];
            var largest = 0.0;
            for (var i = 0; i < m; i++)
            {
                for (var j = 0; j < m; j++) next[i] += matrix[(i * m) + j] * vector[j];
                largest = Math.Max(largest, Math.Abs(next[i]));
            }

            if (largest == 0) return quotient;
            var (along, squared) = (0.0, 0.0);
            for (var i = 0; i < m; i++)
            {
                along += vector[i] * next[i];
                squared += vector[i] * vector[i];
                next[i] /= largest;
            }

            quotient = Math.Max(quotient, along / squared);
            vector = next;
        }

        return quotient;
    }

    /// <summary>The largest eigenvalue.</summary>
    /// <param name="projections">Filled with ⟨xᵢ − μ, v⟩² for its eigenvector v, by member; length m.</param>
    public double Largest(Span<double> projections)
    {
        var m = shares.Length;
        Span<double> vector = new double[m];
        var largest = SymmetricEigen.Largest(Weighted(), vector);
        projections.Clear();
        if (largest <= 0) return 0;

        // v = Σⱼ √pⱼ uⱼ (xⱼ − μ) / √λ.
        for (var i = 0; i < m; i++)
        {
            for (var j = 0; j < m; j++) projections[i] += Math.Sqrt(shares[j]) * vector[j] * (products[(i * m) + j] / Math.Sqrt(largest));
            projections[i] *= projections[i];
        }

        return largest;
    }

    private double[] Weighted()
    {
        var m = shares.Length;
        var matrix = new double[m * m];
        for (var i = 0; i < m; i++)
        {
            for (var j = 0; j < m; j++) matrix[(i * m) + j] = Math.Sqrt(shares[i]) * products[(i * m) + j] * Math.Sqrt(shares[j]);
        }

        return matrix;
    }
}
