using Basgd.Aggregation.Kernels;

namespace Basgd.Aggregation;

/// <summary>
/// Rows to rows before a rule: yᵢ = Σⱼ Mᵢⱼ xⱼ. Only the matrix is computed; the mixing itself happens in the tiles of the passes that
/// follow, so no mixed row is ever stored.
/// </summary>
internal abstract class PreAggregation : Rule
{
    /// <summary>How many rows n rows become.</summary>
    public virtual int Count(int n) => n;

    /// <summary>The matrix M, a row for each new row.</summary>
    /// <param name="geometry">Norms and distances of the rows to mix.</param>
    /// <param name="round">Chance, where there is any, is a function of it.</param>
    public abstract double[][] Mix(Geometry geometry, long round);

    /// <summary>M for rows that are only scaled.</summary>
    protected static double[][] Scale(ReadOnlySpan<double> factors)
    {
        var matrix = new double[factors.Length][];
        for (var i = 0; i < factors.Length; i++) (matrix[i] = new double[factors.Length])[i] = factors[i];
        return matrix;
    }
}
