using System.Numerics;
using System.Runtime.InteropServices;

namespace Basgd.Aggregation.Kernels;

/// <summary>
/// How far rows are from one vector, and how long they are, in one pass: (n + 1)·d numbers read. Sums are kept in float
/// over a block of columns and in double over the blocks; what may have overflowed or vanished there is measured again in double.
/// </summary>
public static class CentreDistances
{
    /// <summary>So many that 128 squares are summed in each lane.</summary>
    private static readonly int Block = 2 * 128 * Vector<float>.Count;

    /// <summary>‖xᵢ − z‖, relative error at most 1e-5; not finite where a value is not.</summary>
    /// <param name="rows">n rows xᵢ of d values.</param>
    /// <param name="centre">z; length d.</param>
    /// <param name="distances">Filled; length n.</param>
    /// <param name="threads">How many may work at once, ≥ 1; the result is the same for any number.</param>
    /// <param name="norms">Filled with ‖xᵢ‖; length n, or 0 where they are not wanted.</param>
    /// <exception cref="ArgumentException">The lengths do not fit.</exception>
    public static void Measure(ReadOnlySpan<ReadOnlyMemory<float>> rows, ReadOnlyMemory<float> centre, Span<double> distances, int threads = 1, Span<double> norms = default)
    {
        if (distances.Length != rows.Length) throw new ArgumentException($"distances has length {distances.Length}: must be {rows.Length}, the number of rows.", nameof(distances));
        if (norms.Length != 0 && norms.Length != rows.Length) throw new ArgumentException($"norms has length {norms.Length}: must be {rows.Length}, the number of rows, or 0.", nameof(norms));
        var array = rows.ToArray();
        if (array.FirstOrDefault(row => row.Length != centre.Length) is { Length: > 0 } other) throw new ArgumentException($"a row has length {other.Length}: must be {centre.Length}, the length of the centre.", nameof(rows));

        var work = new Work(array, centre, norms.Length > 0);
        ColumnChunks.ForEach(centre.Length, threads, work);
        for (var i = 0; i < distances.Length; i++) distances[i] = Math.Sqrt(work.Distance(i));
        for (var i = 0; i < norms.Length; i++) norms[i] = Math.Sqrt(work.Norm(i));
    }

    private sealed class Work(ReadOnlyMemory<float>[] rows, ReadOnlyMemory<float> centre, bool withNorms) : IColumnWork
    {
        private readonly double[] distances = new double[ColumnChunks.CountFor(centre.Length) * rows.Length];
        private readonly double[] norms = new double[withNorms ? ColumnChunks.CountFor(centre.Length) * rows.Length : 0];

        public double Distance(int row) => Total(distances, row);

        public double Norm(int row) => Total(norms, row);

        private double Total(double[] partial, int row)
        {
            var sum = 0.0;
            for (var at = row; at < partial.Length; at += rows.Length) sum += partial[at];
            return sum;
        }

        public void Run(int chunk, int start, int count)
        {
            // Block by block, so that the centre is read from memory once, not once a row.
            for (var column = start; column < start + count; column += Block)
            {
                var length = Math.Min(Block, start + count - column);
                var z = centre.Span.Slice(column, length);
                for (var i = 0; i < rows.Length; i++)
                {
                    var x = rows[i].Span.Slice(column, length);
                    distances[(chunk * rows.Length) + i] += CheckedSquares.Distance(SquaredDistance(x, z), x, z);
                    if (withNorms) norms[(chunk * rows.Length) + i] += CheckedSquares.Norm(SquaredNorm(x), x);
                }
            }
        }

        private static double SquaredDistance(ReadOnlySpan<float> x, ReadOnlySpan<float> z)
        {
            var xs = MemoryMarshal.Cast<float, Vector<float>>(x);
            var zs = MemoryMarshal.Cast<float, Vector<float>>(z);
            var (even, odd) = (Vector<float>.Zero, Vector<float>.Zero);
            var c = 0;
            for (; c + 1 < xs.Length; c += 2)
            {
                var (first, second) = (xs[c] - zs[c], xs[c + 1] - zs[c + 1]);
                even += first * first;
                odd += second * second;
            }

            if (c < xs.Length) even += (xs[c] - zs[c]) * (xs[c] - zs[c]);
            double sum = Vector.Sum(even + odd);
            for (var k = xs.Length * Vector<float>.Count; k < x.Length; k++) sum += ((double)x[k] - z[k]) * ((double)x[k] - z[k]);
            return sum;
        }

        /// <summary>The block is in the cache from the distance.</summary>
        private static double SquaredNorm(ReadOnlySpan<float> x)
        {
            var xs = MemoryMarshal.Cast<float, Vector<float>>(x);
            var (even, odd) = (Vector<float>.Zero, Vector<float>.Zero);
            var c = 0;
            for (; c + 1 < xs.Length; c += 2)
            {
                even += xs[c] * xs[c];
                odd += xs[c + 1] * xs[c + 1];
            }

            if (c < xs.Length) even += xs[c] * xs[c];
            double sum = Vector.Sum(even + odd);
            foreach (var value in x[(xs.Length * Vector<float>.Count)..]) sum += (double)value * value;
            return sum;
        }
    }
}
