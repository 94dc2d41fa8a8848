using Basgd.Aggregation.Kernels;
using System.Numerics;

namespace Basgd.Aggregation.Tests.Kernels;

public sealed class DistancePassTests
{
    /// <summary>What limits a double: a hundred thousand roundings of 2⁻⁵³ are far below it.</summary>
    private const double DoubleError = 1e-11;

    /// <summary>Errors add up like a random walk: far below the worst case that is promised.</summary>
    private const double OrdinaryFloatError = 5e-7;

    [Theory]
    [InlineData(1, 3)]
    [InlineData(4, 7)]
    [InlineData(8, 12)]
    [InlineData(13, 17)]
    public void Equals_its_naive_twin_for_any_number_of_rows(int from, int to)
    {
        for (var n = from; n <= to; n++)
        {
            foreach (var d in new[] { 1, 16, 65 }) Verify(KernelRows.Ordinary(n, d));
        }
    }

    [Fact]
    public void Equals_its_naive_twin_for_any_number_of_columns()
    {
        foreach (var d in KernelRows.Dimensions) Verify(KernelRows.Ordinary(6, d));
    }

    [Theory]
    [InlineData(30, 5000)]
    [InlineData(33, 300)]
    [InlineData(64, 300)]
    [InlineData(128, 100)]
    public void Equals_its_naive_twin_for_many_rows(int n, int d) => Verify(KernelRows.Ordinary(n, d));

    [Fact]
    public void Equals_its_naive_twin_over_several_chunks() => Verify(KernelRows.Ordinary(3, 100_000));

    /// <summary>What a Gram matrix, or centring on a row or on the mean, gets wrong.</summary>
    [Theory]
    [InlineData(1e3)]
    [InlineData(1e6)]
    public void Nearly_equal_rows_keep_their_distances_beside_a_huge_one(double size) =>
        Verify(KernelRows.Make(11, 3000, (i, _, random) => (i == 7 ? size : 1) * (1 + (1e-4 * random.NextDouble()))));

    [Theory]
    [InlineData(1e30)]
    [InlineData(3e38)]
    [InlineData(1e-15)]
    [InlineData(1e-22)]
    [InlineData(1e-30)]
    [InlineData(1e-41)]
    public void Squares_beyond_float_are_right(double size)
    {
        Verify(KernelRows.Make(7, 700, (_, _, random) => size * ((2 * random.NextDouble()) - 1)));
        Verify(KernelRows.Make(7, 700, (i, _, random) => (i % 3 == 0 ? size : 1) * ((2 * random.NextDouble()) - 1)));
        Verify(KernelRows.Make(4, 40_000, (_, k, random) => (k < 20_000 ? size : 1) * ((2 * random.NextDouble()) - 1)));
    }

    [Fact]
    public void Identical_rows_are_at_no_distance_and_have_norms()
    {
        Verify(KernelRows.Make(7, 1000, static (_, k, _) => Math.Sin(k)));
        Verify(KernelRows.Make(7, 1000, static (_, _, _) => 0));
        Verify(KernelRows.Make(7, 20_000, static (i, k, random) => k < 17_000 ? 0 : i < 5 ? 1 : random.NextDouble()));
    }

    [Fact]
    public void Zeros_of_either_sign_are_equal() => Verify(KernelRows.Make(3, 50, static (i, _, _) => i == 1 ? -0.0 : 0.0));

    [Fact]
    public void A_value_that_is_not_finite_is_never_lost()
    {
        foreach (var bad in new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity })
        {
            foreach (var (row, column) in new[] { (0, 0), (2, 40), (4, 1000) })
            {
                // Twice the same, so that the two agree bit for bit.
                var rows = Enumerable.Range(0, 5).Select(static i => Enumerable.Repeat((float)i, 1001).ToArray()).ToArray();
                rows[row][column] = rows[1][column] = bad;
                foreach (var width in KernelRows.Widths)
                {
                    double.IsFinite(Measure(rows, pairs: true, norms: false, width)[(Math.Min(row, 1) * 6) + Math.Max(row, 1)] + Measure(rows, true, false, width)[11]).ShouldBeFalse();
                    double.IsFinite(Measure(rows, pairs: false, norms: true, width)[(row * 6) + 5]).ShouldBeFalse();
                }
            }
        }
    }

    [Fact]
    public void Gives_the_same_bits_for_any_number_of_threads()
    {
        var rows = Generators.ToFloat(KernelRows.Ordinary(7, 100_000));
        foreach (var width in KernelRows.Widths)
        {
            var expected = Measure(rows, pairs: true, norms: true, width);
            foreach (var threads in new[] { 2, 3 }) Measure(rows, pairs: true, norms: true, width, threads).ShouldBe(expected);
        }
    }

    [Fact]
    public void Leaves_alone_what_it_is_not_asked_for()
    {
        var rows = Generators.ToFloat(KernelRows.Ordinary(3, 20));
        var both = Measure(rows, pairs: true, norms: true, SimdWidth.Bits512);
        var pairs = Measure(rows, pairs: true, norms: false, SimdWidth.Bits512);
        var norms = Measure(rows, pairs: false, norms: true, SimdWidth.Bits512);
        for (var at = 0; at < both.Length; at++) (at % 4 == 3 || at / 4 == 3 ? (norms[at], pairs[at]) : (pairs[at], norms[at])).ShouldBe((both[at], 0));
    }

    private static void Verify(double[][] rows)
    {
        var floats = Generators.ToFloat(rows);
        Verify(floats, Expected(Generators.ToDouble(floats)), DistancePass<float>.FloatError, OrdinaryFloatError);
        Verify(rows, Expected(rows), DoubleError, DoubleError);
    }

    private static void Verify<T>(T[][] rows, double[] expected, double promised, double ordinary)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ordinary.ShouldBeLessThanOrEqualTo(promised);
        foreach (var width in KernelRows.Widths)
        {
            var squared = Measure(rows, pairs: true, norms: true, width);
            for (var at = 0; at < squared.Length; at++)
            {
                Math.Abs(squared[at] - expected[at]).ShouldBeLessThanOrEqualTo(ordinary * expected[at], $"n = {rows.Length}, d = {rows[0].Length}, {width}, {at}: {squared[at]:R} for {expected[at]:R}");
            }

            var size = rows.Length + 1;
            foreach (var centre in new[] { 0, rows.Length / 2, rows.Length - 1 })
            {
                var from = Measure(rows, pairs: false, norms: true, width, centre: centre);
                for (var j = 0; j < rows.Length; j++)
                {
                    var wanted = expected[(centre * size) + j];
                    Math.Abs(from[(rows.Length * size) + j] - wanted).ShouldBeLessThanOrEqualTo(ordinary * wanted, $"n = {rows.Length}, d = {rows[0].Length}, {width}, from {centre} to {j}");
                    from[(j * size) + rows.Length].ShouldBe(from[(rows.Length * size) + j]);
                    if (j > 0) from[j].ShouldBe(0);
                }
            }
        }
    }

    private static double[] Expected(double[][] rows)
    {
        double[][] all = [.. rows, new double[rows[0].Length]];
        return [.. all.SelectMany(x => all.Select(y => Naive.SquaredDistance(x, y)))];
    }

    private static double[] Measure<T>(T[][] rows, bool pairs, bool norms, SimdWidth width, int threads = 1, int centre = -1)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var pinned = new PinnedRows<T>(Run.Memories(rows));
        var squared = new double[(rows.Length + 1) * (rows.Length + 1)];
        DistancePass<T>.Measure(pinned, rows[0].Length, pairs, norms, width, threads, squared, centre);
        return squared;
    }
}
