namespace Basgd.Aggregation;

/// <summary>The largest eigenvalue of a small symmetric matrix and its vector.</summary>
internal static class SymmetricEigen
{
    /// <summary>It takes six to ten.</summary>
    private const int MostSweeps = 50;

    /// <summary>
    /// By the cyclic Jacobi method (Golub and Van Loan, Matrix Computations, 8.5): rotations until what is beside the diagonal is
    /// rounding error.
    /// </summary>
    /// <param name="matrix">n × n, row by row, finite; left with no meaning.</param>
    /// <param name="vector">Filled with an eigenvector of length 1; its length is n ≥ 1. Of several largest ones, that of the lowest index.</param>
    public static double Largest(Span<double> matrix, Span<double> vector)
    {
        var n = vector.Length;
        var vectors = new double[n * n];
        for (var i = 0; i < n; i++) vectors[i * (n + 1)] = 1;

        // Squares neither overflow nor vanish once the largest entry is 1.
        var scale = 0.0;
        foreach (var entry in matrix) scale = Math.Max(scale, Math.Abs(entry));
        if (scale > 0)
        {
            foreach (ref var entry in matrix) entry /= scale;
            for (var sweep = 0; sweep < MostSweeps && !IsDiagonal(matrix, n); sweep++) Sweep(matrix, vectors, n);
        }

        var best = 0;
        for (var i = 1; i < n; i++)
        {
            if (matrix[i * (n + 1)] > matrix[best * (n + 1)]) best = i;
        }

        for (var k = 0; k < n; k++) vector[k] = vectors[(k * n) + best];
        return matrix[best * (n + 1)] * scale;
    }

    private static bool IsDiagonal(ReadOnlySpan<double> matrix, int n)
    {
        var (on, beside) = (0.0, 0.0);
        for (var i = 0; i < n; i++)
        {
            on += matrix[i * (n + 1)] * matrix[i * (n + 1)];
            for (var j = i + 1; j < n; j++) beside += matrix[(i * n) + j] * matrix[(i * n) + j];
        }

        return beside <= 1e-32 * on;
    }

    private static void Sweep(Span<double> matrix, Span<double> vectors, int n)
    {
        for (var p = 0; p < n; p++)
        {
            for (var q = p + 1; q < n; q++)
            {
                var beside = matrix[(p * n) + q];
                if (beside == 0) continue;
                var theta = (matrix[q * (n + 1)] - matrix[p * (n + 1)]) / (2 * beside);
                var tangent = Math.CopySign(1, theta) / (Math.Abs(theta) + Math.Sqrt((theta * theta) + 1));
                var cosine = 1 / Math.Sqrt((tangent * tangent) + 1);
                var sine = tangent * cosine;
                for (var k = 0; k < n; k++) Rotate(ref matrix[(k * n) + p], ref matrix[(k * n) + q], cosine, sine);
                for (var k = 0; k < n; k++) Rotate(ref matrix[(p * n) + k], ref matrix[(q * n) + k], cosine, sine);
                for (var k = 0; k < n; k++) Rotate(ref vectors[(k * n) + p], ref vectors[(k * n) + q], cosine, sine);
                matrix[(p * n) + q] = matrix[(q * n) + p] = 0;
            }
        }
    }

    private static void Rotate(ref double a, ref double b, double cosine, double sine) =>
        (a, b) = ((cosine * a) - (sine * b), (sine * a) + (cosine * b));
}
