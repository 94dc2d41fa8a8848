using System.Numerics;

namespace Basgd.Aggregation.Tests;

public sealed class DegenerateRowsTests
{
    public static TheoryData<string> Everything { get; } =
        ["mean", "median", "trimmed-mean(f=1)", "meamed(f=1)", "krum(f=1)", "multi-krum(f=1)", "geometric-median", "centered-clipping(tau=1e9)", "mda(f=1)", "monna(f=1)"];

    public static TheoryData<string> WithoutF { get; } =
        ["mean", "median", "trimmed-mean(f=0)", "meamed", "krum(f=0, neighbours=-1)", "multi-krum(neighbours=-1)", "geometric-median", "centered-clipping", "mda", "monna"];

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
        foreach (var text in new[] { "mean", "median", "trimmed-mean(f=1)", "meamed(f=1)", "krum(f=1)", "multi-krum(f=1)", "geometric-median", "centered-clipping(L=2)", "monna(f=1)", "mda(f=1)" })
        {
            var random = new Random(5);
            var rows = Enumerable.Range(0, 6)
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

    [Theory, MemberData(nameof(Everything))]
    public void A_value_that_is_not_finite_is_refused_wherever_it_is(string text)
    {
        Refuses<float>(text, float.NaN, float.PositiveInfinity, float.NegativeInfinity);
        Refuses<double>(text, double.NaN, double.PositiveInfinity, double.NegativeInfinity);
    }

    [Theory, MemberData(nameof(Everything))]
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
