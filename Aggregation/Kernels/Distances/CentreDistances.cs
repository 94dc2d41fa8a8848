using System.Numerics;
using System.Runtime.InteropServices;

namespace Basgd.Aggregation.Kernels;

/// <summary>
/// How far rows are from one vector, in one pass: (n + 1)·d numbers read, n of them subtracted and squared. Sums are kept in float
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
    /// <exception cref="ArgumentException">The lengths do not fit.</exception>
    public static void Measure(ReadOnlySpan<ReadOnlyMemory<float>> rows, ReadOnlyMemory<float> centre, Span<double> distances, int threads = 1)
    {
        if (distances.Length != rows.Length) throw new ArgumentException($"distances has length {distances.Length}: must be {rows.Length}, the number of rows.", nameof(distances));
        var array = rows.ToArray();
        if (array.FirstOrDefault(row => row.Length != centre.Length) is { Length: > 0 } other) throw new ArgumentException($"a row has length {other.Length}: must be {centre.Length}, the length of the centre.", nameof(rows));

        var work = new Work(array, centre);
        ColumnChunks.ForEach(centre.Length, threads, work);
        for (var i = 0; i < distances.Length; i++) distances[i] = Math.Sqrt(work.Total(i));
    }

    private sealed class Work(ReadOnlyMemory<float>[] rows, ReadOnlyMemory<float> centre) : IColumnWork
    {
        private readonly double[] partial = new double[ColumnChunks.CountFor(centre.Length) * rows.Length];

        public double Total(int row)
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
                    partial[(chunk * rows.Length) + i] += CheckedSquares.Distance(SquaredDistance(x, z), x, z);
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
    }
}
