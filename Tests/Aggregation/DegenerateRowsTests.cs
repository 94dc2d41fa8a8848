using System.Numerics;

namespace Basgd.Aggregation.Tests;

public sealed class DegenerateRowsTests
{
    public static TheoryData<string> Everything { get; } =
        ["mean", "median", "trimmed-mean(f=1)", "meamed(f=1)", "krum(f=1)", "multi-krum(f=1)", "geometric-median", "centered-clipping(tau=1e9)", "mda(f=1)", "monna(f=1)", "caf(f=1)", "smea(f=1)", "bulyan(f=1)"];

    public static TheoryData<string> WithoutF { get; } =
        ["mean", "median", "trimmed-mean(f=0)", "meamed", "krum(f=0, neighbours=-1)", "multi-krum(neighbours=-1)", "geometric-median", "centered-clipping", "mda", "monna", "caf", "smea"];

    [Theory, MemberData(nameof(Everything))]
    public void Identical_rows_aggregate_to_themselves(string text)
    {
        foreach (var d in new[] { 0, 1, 15, 16, 17, 1023, 1025 })
        {
            var row = Enumerable.Range(0, d).Select(static k => (float)Math.Sin(k) * 7).ToArray();
            Run.Rule(text, [.. Enumerable.Repeat(row, 7)]).ShouldBe(row, tolerance: 7e-6, customMessage: $"d = {d}");
        }
    }

    [Theory, MemberData(nameof(WithoutF))]
    public void One_row_is_its_own_aggregate(string text)
    {
        foreach (var d in new[] { 0, 1, 15, 16, 17 })
        {
            var row = Enumerable.Range(0, d).Select(static k => (float)Math.Cos(k)).ToArray();
            Run.Rule(text, row).ShouldBe(row, customMessage: $"d = {d}");
        }
    }

    [Theory, MemberData(nameof(Everything))]
    public void Tails_are_right_at_every_length(string text)
    {
        for (var d = 0; d <= 70; d++)
        {
            var random = new Random(d);
            var rows = Enumerable.Range(0, 9).Select(_ => Enumerable.Range(0, d).Select(_ => random.NextDouble()).ToArray()).ToArray();
            Run.Rule(text, rows).ShouldBe(Naive.Of(text, rows), tolerance: 1e-13, customMessage: $"d = {d}");
        }
    }

    [Theory]
    [InlineData(1e30)]
    [InlineData(3.0e38)]
    [InlineData(1e-40)]
    public void Extreme_sizes_neither_overflow_nor_vanish_in_float(double size)
    {
        foreach (var text in new[] { "mean", "median", "trimmed-mean(f=1)", "meamed(f=1)", "krum(f=1)", "multi-krum(f=1)", "geometric-median", "centered-clipping(L=2)", "monna(f=1)", "mda(f=1)", "smea(f=1)", "bulyan(f=1)", "sign-majority" })
        {
            var random = new Random(5);
            var rows = Enumerable.Range(0, 7)
                .Select(_ => Enumerable.Range(0, 33).Select(_ => (float)(size * ((1.8 * random.NextDouble()) - 0.9))).ToArray()).ToArray();
            var expected = Naive.Of(text, Generators.ToDouble(rows));
            var result = Run.Rule(text, rows).Select(static x => (double)x).ToArray();
            result.ShouldBe(expected, tolerance: size * 1e-6 + 1e-44, customMessage: text);
        }
    }

    [Fact]
    public void Smallest_denormals_are_ordered()
    {
        var rows = new[] { 3, 1, 2, 5, 4 }.Select(static i => new[] { i * float.Epsilon, -i * float.Epsilon }).ToArray();
        Run.Rule("median", rows).ShouldBe([3 * float.Epsilon, -3 * float.Epsilon]);
    }

    [Fact]
    public void Signs_are_of_the_smallest_denormals_and_the_largest_numbers_side_by_side()
    {
        float[] column = [float.Epsilon, -float.Epsilon, float.MaxValue, -float.MaxValue, 0, -0f];
        float[] opposite = [.. column.Select(static x => -x)];

        // The largest ones have a sum that overflows, and scaled down until it does not the smallest ones would be zeros.
        Run.Rule("sign-majority", column, column, column, column, opposite).ShouldBe([1, -1, 1, -1, 0, 0]);
        Run.Rule("sign-majority", column, column, opposite, opposite).ShouldAllBe(static sign => sign == 0);
    }

    /// <summary>What a Gram matrix would lose.</summary>
    [Theory]
    [InlineData("caf(f=1)")]
    [InlineData("smea(f=1)")]
    [InlineData("bulyan(f=1)")]
    public void One_huge_row_hides_nothing_of_the_others(string text)
    {
        foreach (var size in new[] { 1e3, 1e6, 1e30 })
        {
            var random = new Random(7);
            double[][] honest = [.. Enumerable.Range(0, 6).Select(_ => Enumerable.Range(0, 40).Select(_ => 1 + (1e-4 * random.NextDouble())).ToArray())];
            double[][] rows = [.. honest, [.. Enumerable.Repeat(size, 40)]];
            var expected = Naive.Of(text, rows);
            Run.Rule(text, rows).ShouldBe(expected, tolerance: 1e-9, customMessage: $"{size}");
            Run.Rule(text, rows).ShouldAllBe(static x => x >= 1 && x <= 1.0001);
        }
    }

    [Theory, MemberData(nameof(Everything))]
    [InlineData("sign-majority")]
    [InlineData("bucketing(s=2)|median")]
    public void A_value_that_is_not_finite_is_refused_wherever_it_is(string text)
    {
        Refuses<float>(text, float.NaN, float.PositiveInfinity, float.NegativeInfinity);
        Refuses<double>(text, double.NaN, double.PositiveInfinity, double.NegativeInfinity);
    }

    [Theory, MemberData(nameof(Everything))]
    [InlineData("sign-majority")]
    [InlineData("bucketing(s=2)|median")]
    public void Rows_of_another_length_and_no_rows_are_refused(string text)
    {
        var rule = Rules.Create<float>(text);
        Should.Throw<ArgumentException>(() => rule.Aggregate([], new float[3])).Message.ShouldContain("n = 0");
        ReadOnlyMemory<float>[] uneven = [new float[3], new float[3], new float[4], new float[3], new float[3]];
        Should.Throw<ArgumentException>(() => rule.Aggregate(uneven, new float[3])).Message.ShouldContain("row 2 has length 4");
    }

    private static void Refuses<T>(string text, params T[] values)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach (var value in values)
        {
            foreach (var (row, column) in new[] { (0, 0), (4, 16), (2, 2000), (6, 2050) })
            {
                var rows = Enumerable.Range(0, 7).Select(static i => Enumerable.Repeat(T.CreateChecked(i), 2051).ToArray()).ToArray();
                rows[row][column] = value;
                Should.Throw<ArgumentException>(() => Run.Rule(text, rows)).Message.ShouldContain($"row {row} holds {value} at column {column}");
            }
        }
    }
}
