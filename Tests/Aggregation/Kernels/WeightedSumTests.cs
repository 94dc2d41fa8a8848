using Basgd.Aggregation.Kernels;
using System.Numerics;

namespace Basgd.Aggregation.Tests.Kernels;

public sealed class WeightedSumTests
{
    private const double FloatRounding = 1.0 / (1 << 24);
    private const double DoubleRounding = FloatRounding / (1 << 29);

    [Fact]
    public void Stays_within_its_bound_for_any_number_of_rows()
    {
        for (var n = 1; n <= 33; n++) Verify(KernelRows.Ordinary(n, 65), Weights(n));
        Verify(KernelRows.Ordinary(128, 300), Weights(128));
    }

    [Fact]
    public void Stays_within_its_bound_for_any_number_of_columns()
    {
        foreach (var d in KernelRows.Dimensions) Verify(KernelRows.Ordinary(10, d), Weights(10));
    }

    [Theory]
    [InlineData(1e30)]
    [InlineData(1e-30)]
    [InlineData(1e-41)]
    public void Stays_within_its_bound_for_any_size(double size) =>
        Verify(KernelRows.Make(9, 3000, (i, _, random) => (i % 2 == 0 ? size : 1) * ((2 * random.NextDouble()) - 1)), Weights(9));

    /// <summary>As of a geometric median beside a huge row: the product is of ordinary size, the weight is none that float can hold.</summary>
    [Fact]
    public void Weights_too_small_for_float_keep_their_digits()
    {
        var rows = KernelRows.Make(3, 2000, static (i, _, random) => (i == 0 ? 1e38 : 1) * (1 + random.NextDouble()));
        Verify(rows, [1e-41, 0, 0]);
    }

    [Fact]
    public void A_sum_that_overflows_on_its_way_is_right()
    {
        foreach (var d in new[] { 5, 40, 2000 })
        {
            var rows = KernelRows.Make(4, d, (i, k, _) => k == d / 2 ? (i < 2 ? 3e38 : -3e38) : i);
            Verify(rows, [1, 1, 1, 1]);
        }
    }

    [Fact]
    public void Says_so_when_the_result_is_not_finite()
    {
        foreach (var bad in new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity })
        {
            foreach (var d in new[] { 1, 17, 200, 3000, 40_000 })
            {
                var rows = Generators.ToFloat(KernelRows.Ordinary(9, d));
                rows[4][d - 1] = bad;
                foreach (var width in KernelRows.Widths)
                {
                    WeightedSum.Into<float>(Run.Memories(rows), Weights(9), new float[d], width, threads: 1).ShouldBeFalse($"{bad}, d = {d}");
                    WeightedSum.Into<double>(Run.Memories(Generators.ToDouble(rows)), Weights(9), new double[d], width, threads: 1).ShouldBeFalse($"{bad}, d = {d}");
                }
            }
        }
    }

    [Fact]
    public void Rows_of_weight_zero_are_not_read()
    {
        float[][] rows = [[1, 2], [float.NaN, float.NaN], [3, 4]];
        var result = new float[2];
        WeightedSum.Into<float>(Run.Memories(rows), [0.5, 0, 0.5], result, Simd.Width, threads: 1).ShouldBeTrue();
        result.ShouldBe([2f, 3f]);
    }

    [Fact]
    public void No_weight_at_all_gives_zeros()
    {
        foreach (var d in new[] { 3, 3000 })
        {
            var result = Enumerable.Repeat(7f, d).ToArray();
            WeightedSum.Into<float>(Run.Memories(Generators.ToFloat(KernelRows.Ordinary(2, d))), [0, 0], result, Simd.Width, threads: 1).ShouldBeTrue();
            result.ShouldAllBe(static x => x == 0);
        }
    }

    [Fact]
    public void Gives_the_same_bits_in_any_width_with_any_number_of_threads()
    {
        var rows = Run.Memories(Generators.ToFloat(KernelRows.Ordinary(12, 100_000)));
        var expected = new float[100_000];
        WeightedSum.Into(rows, Weights(12), expected, SimdWidth.Bits128, threads: 1);
        foreach (var width in KernelRows.Widths)
        {
            foreach (var threads in new[] { 1, 2, 3 })
            {
                var result = new float[100_000];
                WeightedSum.Into(rows, Weights(12), result, width, threads);
                result.ShouldBe(expected, customMessage: $"{width}, {threads}");
            }
        }
    }

    /// <summary>In blocks where there are five of them or more; the last block overlaps the one before.</summary>
    [Fact]
    public void Mixtures_are_the_sums_one_by_one()
    {
        const int D = 700;
        var rows = Generators.ToFloat(KernelRows.Ordinary(5, D));
        double[][] all = [[1, 0, 0, 0, 0], [0, 0.5, 0, 0.5, 0], Weights(5), [0, 0, 0, 0, 0], [0, -1, 0, 0, 3], [0.25, 0.25, 0.25, 0, 0.25], [0, 0, 0, 1, 0], [1e-3, 0, 1e3, 0, 0]];
        foreach (var count in new[] { 3, 5, 8 }) VerifyMixtures(rows, all[..count]);
        VerifyMixtures(Generators.ToDouble(rows), all);
    }

    [Fact]
    public void Mixtures_are_the_sums_one_by_one_where_some_need_double()
    {
        double[][] mixing = [[1, 0, 0], [1, 1, 1], [0, 1, 1], [1, 0, 1], [0, 0, 1]];
        var rows = Generators.ToFloat(KernelRows.Make(3, 700, static (i, k, _) => k == 333 ? (i == 2 ? -3e38 : 3e38) : i + k));
        VerifyMixtures(rows, mixing);

        // A weight that float does not hold, where no sum overflows.
        mixing[1] = [0.5, 0.5, 0];
        mixing[2] = [1e-41, 0, 0];
        VerifyMixtures(rows, mixing);
    }

    [Fact]
    public void Mixtures_do_not_read_rows_of_weight_zero_and_say_so_when_one_is_not_finite()
    {
        const int D = 200;
        double[][] mixing = [[1, 0, 0], [0.5, 0.5, 0], [0, 1, 0], [0.25, 0.75, 0], [0.75, 0.25, 0]];
        foreach (var k in new[] { 0, 100, 163, 164, D - 1 })
        {
            var rows = Generators.ToFloat(KernelRows.Ordinary(3, D));
            rows[2][k] = float.NaN;
            VerifyMixtures(rows, mixing);
            rows[1][k] = float.PositiveInfinity;
            using var pinned = new PinnedRows<float>(Run.Memories(rows));
            foreach (var width in KernelRows.Widths)
            {
                using var kernel = new MixingKernel<float>(pinned.Addresses, mixing, width);
                kernel.Into(0, D, new float[5 * D], D).ShouldBeFalse($"{width}, column {k}");
            }
        }
    }

    private static void VerifyMixtures<T>(T[][] rows, double[][] mixing)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        const int From = 100;
        var d = rows[0].Length;
        var stride = d - From + 20;
        using var pinned = new PinnedRows<T>(Run.Memories(rows));
        foreach (var width in KernelRows.Widths)
        {
            using var kernel = new MixingKernel<T>(pinned.Addresses, mixing, width);
            var tile = new T[mixing.Length * stride];
            kernel.Into(From, d - From, tile, stride).ShouldBeTrue();
            for (var i = 0; i < mixing.Length; i++)
            {
                var sum = new T[d];
                WeightedSum.Into<T>(Run.Memories(rows), mixing[i], sum, width, threads: 1).ShouldBeTrue();
                tile.AsSpan(i * stride, d - From).ToArray().ShouldBe(sum[From..], customMessage: $"{width}, mixture {i}");
                tile[(i * stride) + d - From].ShouldBe(T.Zero);
            }
        }
    }

    private static double[] Weights(int n) => [.. Enumerable.Range(1, n).Select(i => 2.0 * i / (n * (n + 1)))];

    private static void Verify(double[][] rows, double[] weights)
    {
        var floats = Generators.ToFloat(rows);
        Verify(floats, Generators.ToDouble(floats), weights, FloatRounding, float.Epsilon);
        Verify(rows, rows, weights, 2 * DoubleRounding, 0);
    }

    private static void Verify<T>(T[][] rows, double[][] exact, double[] weights, double rounding, double smallest)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var n = rows.Length;
        foreach (var width in KernelRows.Widths)
        {
            var result = new T[rows[0].Length];
            WeightedSum.Into<T>(Run.Memories(rows), weights, result, width, threads: 1).ShouldBeTrue();
            for (var k = 0; k < result.Length; k++)
            {
                var expected = exact.Zip(weights, (row, w) => w * row[k]).Sum();
                var terms = exact.Zip(weights, (row, w) => Math.Abs(w * row[k])).Sum();
                Math.Abs(double.CreateChecked(result[k]) - expected).ShouldBeLessThanOrEqualTo(((n + 1) * rounding * terms) + (n * smallest), $"{width}, n = {n}, column {k} of {result.Length}");
            }
        }
    }
}
