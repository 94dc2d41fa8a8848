using System.Numerics;
using Basgd.Aggregation.Kernels;

namespace Basgd.Aggregation.Tests.Kernels;

/// <summary>Every way to run a formula on this machine, against the naive twins in double.</summary>
public sealed class CoordinateKernelTests
{
    private static readonly int[] Dimensions = [0, 1, 15, 16, 17, 31, 63, 64, 65, 1000];

    public static TheoryData<string> Shapes { get; } = ["normal", "identical", "ties", "huge", "largest", "denormal", "zeros", "one far"];

    [Theory, MemberData(nameof(Shapes))]
    public void Equals_its_naive_twin_whatever_the_values(string shape)
    {
        foreach (var n in new[] { 1, 2, 5, 10 })
        {
            CheckAll<float>(shape, n, 67);
            CheckAll<double>(shape, n, 35);
        }
    }

    [Fact]
    public void Equals_its_naive_twin_at_every_length()
    {
        foreach (var d in Dimensions)
        {
            CheckAll<float>("normal", 7, d);
            CheckAll<double>("normal", 10, d);
        }
    }

    [Fact, Trait("category", "slow")]
    public void Equals_its_naive_twin_with_any_number_of_rows()
    {
        foreach (var n in Enumerable.Range(1, 33).Concat([64, 100, 128]))
        {
            CheckAll<float>("normal", n, 65);
            if (n <= 16) CheckAll<double>("ties", n, 17);
        }
    }

    [Fact]
    public void Many_columns_and_threads_give_the_same_bits()
    {
        const int D = 100_003;
        var rows = Rows<float>("normal", 10, D);
        foreach (var formula in Formulas(10).Select(static f => f.Formula))
        {
            var kernel = ColumnKernel<float>.For(formula, Simd.Width);
            var expected = new float[D];
            ColumnPass<float>.Run(Run.Memories(rows), null, kernel, expected, Simd.Width, 1).ShouldBeTrue();
            foreach (var threads in new[] { 2, 3 })
            {
                var result = new float[D];
                ColumnPass<float>.Run(Run.Memories(rows), null, kernel, result, Simd.Width, threads).ShouldBeTrue();
                result.ShouldBe(expected);
            }
        }
    }

    [Fact]
    public void Every_width_gives_the_same_bits()
    {
        var rows = Rows<float>("normal", 15, 1001);
        foreach (var formula in Formulas(15).Select(static f => f.Formula))
        {
            var results = Kernels<float>(formula).Select(kernel =>
            {
                var result = new float[1001];
                ColumnPass<float>.Run(Run.Memories(rows), null, kernel, result, Simd.Width, 1).ShouldBeTrue();
                return result;
            }).ToArray();
            foreach (var result in results[1..]) result.ShouldBe(results[0], formula.ToString());
        }
    }

    [Fact]
    public void Rows_fetched_ahead_give_the_same_bits()
    {
        foreach (var kernel in Kernels<float>(MeanOfRanks.Median(30)))
        {
            foreach (var d in new[] { 1, kernel.Lanes, 63, 64, 65, 127, 128, 130, 255, 257, 1000, 16_400 })
            {
                var rows = Rows<float>("normal", 30, d);
                var expected = new float[d];
                ColumnPass<float>.Run(Run.Memories(rows), null, kernel, expected, Simd.Width, 1, fetchesRows: false).ShouldBeTrue();
                var result = Enumerable.Repeat(7f, d + 1).ToArray();
                ColumnPass<float>.Run(Run.Memories(rows), null, kernel, result.AsSpan(..d), Simd.Width, 2, fetchesRows: true).ShouldBeTrue();
                result[..d].ShouldBe(expected, customMessage: $"{kernel.GetType().Name} of {kernel.Lanes}, d = {d}");
                result[d].ShouldBe(7);
                rows[29][d - 1] = float.NaN;
                ColumnPass<float>.Run(Run.Memories(rows), null, kernel, result.AsSpan(..d), Simd.Width, 2, fetchesRows: true).ShouldBeFalse();
            }
        }
    }

    /// <summary>A processor looks ahead by itself while it computes little.</summary>
    [Fact]
    public void Long_programs_ask_for_rows_ahead()
    {
        ColumnKernel<float>.For(MeanOfRanks.Median(30), Simd.Width).WaitsForRows.ShouldBeTrue();
        ColumnKernel<float>.For(MeanOfRanks.Median(15), Simd.Width).WaitsForRows.ShouldBeFalse();
    }

    [Fact]
    public void Writes_its_columns_and_no_others()
    {
        foreach (var kernel in Kernels<float>(MeanOfRanks.Median(5)))
        {
            foreach (var d in Dimensions)
            {
                var result = Enumerable.Repeat(7f, d + 128).ToArray();
                ColumnPass<float>.Run(Run.Memories(Rows<float>("zeros", 5, d)), null, kernel, result.AsSpan(64, d), Simd.Width, 1).ShouldBeTrue();
                result[..64].ShouldAllBe(static x => x == 7);
                result[^64..].ShouldAllBe(static x => x == 7);
                result[64..^64].ShouldAllBe(static x => x == 0);
            }
        }
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void Says_so_when_one_value_is_not_finite(float bad)
    {
        const int N = 10;
        foreach (var d in new[] { 1, 16, 17, 100 })
        {
            foreach (var kernel in Formulas(N).SelectMany(static f => Kernels<float>(f.Formula)))
            {
                for (var i = 0; i < N; i++)
                {
                    foreach (var k in new[] { 0, d / 2, d - 1 })
                    {
                        var rows = Rows<float>("largest", N, d);
                        rows[i][k] = bad;
                        ColumnPass<float>.Run(Run.Memories(rows), null, kernel, new float[d], Simd.Width, 1).ShouldBeFalse($"row {i}, column {k} of {d}");
                    }
                }
            }
        }
    }

    [Theory]
    [InlineData("median")]
    [InlineData("trimmed-mean(f=2)")]
    [InlineData("meamed(f=2)")]
    public void Allocates_nothing_once_it_is_warm(string text)
    {
        var rule = Rules.Create<float>(text);
        var rows = Run.Memories(Rows<float>("normal", 10, 100_001));
        var result = new float[100_001];
        for (var warm = 0; warm < 3; warm++) rule.Aggregate(rows, result);
        var before = GC.GetAllocatedBytesForCurrentThread();
        rule.Aggregate(rows, result);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    private static IEnumerable<(ColumnFormula Formula, Func<double[][], double[]> Naive)> Formulas(int n)
    {
        yield return (new MeanOfRanks(n, 0, n - 1), Naive.Mean);
        yield return (MeanOfRanks.Median(n), Naive.Median);
        foreach (var f in new[] { 1, 2, n / 5, (n - 1) / 2 }.Where(f => f > 0 && 2 * f < n).Distinct())
        {
            yield return (new MeanOfRanks(n, f, n - 1 - f), rows => Naive.TrimmedMean(rows, f));
            yield return (new MeanOfNearest(n, n - f), rows => Naive.Meamed(rows, f));
        }

        // Fewer than half, as Bulyan keeps. Of an even number the middle two are always as near, up to rounding: one alone is never asked for.
        for (var kept = n % 2 == 0 ? 2 : 1; kept < n; kept += Math.Max(n / 3, 1)) yield return (new MeanOfNearest(n, kept), rows => Naive.Meamed(rows, n - kept));
    }

    /// <summary>A formula in every width, and interpreted.</summary>
    internal static IEnumerable<ColumnKernel<T>> Kernels<T>(ColumnFormula formula)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach (var width in Enum.GetValues<SimdWidth>()) yield return ColumnKernel<T>.For(formula, width);
        var program = new ColumnProgram(formula.Rows);
        formula.Write(program);
        yield return new InterpretedKernel<T>(program) { Rows = formula.Rows };
    }

    private static void CheckAll<T>(string shape, int n, int d)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var rows = Rows<T>(shape, n, d);
        var wide = rows.Select(static row => row.Select(double.CreateChecked).ToArray()).ToArray();
        var size = wide.Max(static row => row.Select(Math.Abs).DefaultIfEmpty().Max());
        var epsilon = typeof(T) == typeof(float) ? 1.0 / (1 << 24) : 1.0 / (1L << 53);
        var least = double.CreateChecked(T.Epsilon);
        foreach (var (formula, naive) in Formulas(n))
        {
            // Made smaller first: a double's sum of the largest doubles overflows in the twin.
            var expected = naive([.. wide.Select(static row => row.Select(static x => x / 1024).ToArray())]);
            foreach (var kernel in Kernels<T>(formula))
            {
                var result = new T[d];
                ColumnPass<T>.Run(Run.Memories(rows), null, kernel, result, Simd.Width, 1).ShouldBeTrue();
                for (var k = 0; k < d; k++)
                {
                    var error = Math.Abs((double.CreateChecked(result[k]) / 1024) - expected[k]);
                    if (!(error <= ((n * epsilon * size) + least) / 1024)) throw new InvalidOperationException($"{typeof(T).Name} {shape} {formula} by {kernel.GetType().Name} of {kernel.Lanes}, column {k} of {d}: {result[k]}, not {expected[k] * 1024}.");
                }
            }
        }
    }

    private static T[][] Rows<T>(string shape, int n, int d)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var random = new Random((n * 1009) + d);
        var largest = double.CreateChecked(T.BitDecrement(T.PositiveInfinity));
        return [.. Enumerable.Range(0, n).Select(i => Enumerable.Range(0, d).Select(k => T.CreateChecked(shape switch
        {
            "identical" => Math.Sin(k) * 7,
            "ties" => random.Next(-2, 3),
            "huge" => 1e30 * (random.NextDouble() - 0.5),
            "largest" => largest * ((random.Next(2) * 2) - 1),
            "denormal" => double.CreateChecked(T.Epsilon) * 2 * random.Next(-9, 10),
            "zeros" => random.Next(2) == 0 ? 0.0 : -0.0,
            "one far" => i == n / 2 ? 1e30 : random.NextDouble(),
            _ => random.NextDouble() - 0.5,
        })).ToArray())];
    }
}
