using CsCheck;

namespace Basgd.Aggregation.Tests;

public sealed class RulePropertyTests
{
    private const double FloatEpsilon = 1.0 / (1 << 24);

    public static TheoryData<string> Everything { get; } = [.. Texts];

    public static TheoryData<string> OrderFree { get; } = [.. Texts.Where(static text => text.Split('(')[0] is not ("mda" or "bulyan" or "monna"))];

    private static IEnumerable<string> Texts =>
    [
        "mean", "median", "trimmed-mean(f=1)", "trimmed-mean(f=2)", "meamed(f=2)", "krum(f=1)", "krum(f=1, neighbours=-1)", "multi-krum(f=1)",
        "geometric-median", "centered-clipping(tau=1, L=3)", "centered-clipping", "mda(f=2)", "monna(f=2)", "smea(f=2)", "bulyan(f=1)", "sign-majority",
    ];

    [Theory, MemberData(nameof(Everything))]
    public void Equals_its_naive_twin_in_double(string text) =>
        Generators.UntiedRows(7, 12).Sample(rows => ShouldBeClose(Run.Rule(text, rows), Naive.Of(text, rows), 1e-13 * 3));

    /// <summary>The other rules choose by sums of squares, of which two equal ones need not be equal after rounding.</summary>
    [Theory]
    [InlineData("mean")]
    [InlineData("median")]
    [InlineData("trimmed-mean(f=2)")]
    [InlineData("geometric-median")]
    [InlineData("centered-clipping(tau=1, L=3)")]
    public void Equals_its_naive_twin_with_round_and_equal_values(string text) =>
        Generators.Rows(6, 12).Sample(rows => ShouldBeClose(Run.Rule(text, rows), Naive.Of(text, rows), 1e-13 * 3));

    /// <summary>The stated bound of the float path: n roundings of the largest value, for any rule whose weights do not hang on a near tie.</summary>
    [Theory, MemberData(nameof(Everything))]
    public void Equals_its_naive_twin_in_float_up_to_n_roundings(string text) =>
        Generators.UntiedRows(7, 12).Select(Generators.ToFloat).Where(rows => !HangsOnANearTie(text, Generators.ToDouble(rows))).Sample(rows =>
        {
            var result = Run.Rule(text, rows).Select(static x => (double)x).ToArray();
            ShouldBeClose(result, Naive.Of(text, Generators.ToDouble(rows)), rows.Length * FloatEpsilon * 3);
        });

    /// <summary>
    /// Not MDA: several subsets may have the same two farthest rows, and the first one in order wins. Not Bulyan: among its last rows each
    /// counts one neighbour, and of the nearest two the first one wins. Not MoNNA: one row is trusted by its number.
    /// </summary>
    [Theory, MemberData(nameof(OrderFree))]
    public void Does_not_care_for_the_order_of_rows(string text) =>
        Generators.UntiedRows(7, 12).SelectMany(static rows => Gen.Shuffle(rows), static (rows, shuffled) => (rows, shuffled))
            .Sample(pair => ShouldBeClose(Run.Rule(text, pair.shuffled), Run.Rule(text, pair.rows), 1e-13 * 3));

    /// <summary>Not the geometric median and centered clipping: they start at the origin and stop after so many steps.</summary>
    [Theory]
    [InlineData("mean")]
    [InlineData("median")]
    [InlineData("trimmed-mean(f=2)")]
    [InlineData("meamed(f=2)")]
    [InlineData("krum(f=1)")]
    [InlineData("multi-krum(f=1)")]
    [InlineData("mda(f=2)")]
    [InlineData("monna(f=2, idx=3)")]
    [InlineData("smea(f=2)")]
    [InlineData("bulyan(f=1)")]
    public void Moves_with_the_rows(string text) =>
        Gen.Select(Generators.UntiedRows(7, 12), Gen.Double[-5, 5]).Sample((rows, shift) =>
        {
            var moved = rows.Select(row => row.Select(x => x + shift).ToArray()).ToArray();
            var expected = Run.Rule(text, rows).Select(x => x + shift).ToArray();
            ShouldBeClose(Run.Rule(text, moved), expected, 1e-12);
        });

    [Theory]
    [InlineData("median")]
    [InlineData("trimmed-mean")]
    public void Stays_between_the_honest_values_with_f_bad_rows(string name) =>
        Generators.Attacked(honestPerBad: 1).Sample((honest, bad) =>
        {
            var result = new double[honest[0].Length];
            Rules.Create<double>(name, defaultF: bad.Length).Aggregate(Run.Memories<double>([.. bad, .. honest]), result);
            for (var k = 0; k < result.Length; k++)
            {
                var column = honest.Select(row => row[k]).ToArray();
                result[k].ShouldBeInRange(column.Min() - 1e-12, column.Max() + 1e-12);
            }
        });

    /// <summary>Honest rows lie within a unit cube, so whatever Krum chooses lies near it however far away the bad ones are.</summary>
    [Fact]
    public void Krum_never_chooses_a_far_row_with_f_of_them() =>
        Generators.Attacked(honestPerBad: 1).Sample((honest, bad) =>
        {
            var far = bad.Select(static row => row.Select(static x => x + 1e6 * (x < 0 ? -1 : 1)).ToArray()).ToArray();
            var result = new double[honest[0].Length];
            Rules.Create<double>("krum", defaultF: far.Length).Aggregate(Run.Memories<double>([.. far, .. honest]), result);
            honest.ShouldContain(row => row.SequenceEqual(result));
        });

    [Theory]
    [InlineData("mean", 5, 1)]
    [InlineData("median", 5, 3)]
    [InlineData("median", 6, 3)]
    [InlineData("trimmed-mean(f=2)", 7, 3)]
    [InlineData("krum(f=1)", 5, 3)]
    [InlineData("meamed(f=2)", 7, 3)]
    [InlineData("multi-krum(f=1)", 5, 2)]
    [InlineData("mda(f=1)", 5, 2)]
    [InlineData("monna(f=1, idx=4)", 5, 2)]
    [InlineData("geometric-median(T=100)", 5, 3)]
    [InlineData("caf(f=1)", 5, 2)]
    [InlineData("caf(f=2)", 9, 3)]
    [InlineData("smea(f=1)", 5, 2)]
    [InlineData("bulyan(f=1)", 7, 4)]
    [InlineData("nnm(f=2)|median", 7, 3)]
    [InlineData("bucketing(s=2)|median", 10, 3)]
    public void Breaks_one_bad_row_later_than_it_promises(string text, int n, int bad)
    {
        foreach (var size in new[] { 1e3, 1e6, 1e9 })
        {
            Math.Abs(WithFar(bad)).ShouldBeGreaterThan(size / 1000, $"{bad} rows of {size}");
            Math.Abs(WithFar(bad - 1)).ShouldBeLessThan(10, $"{bad - 1} rows of {size}");

            double WithFar(int count) => Run.Rule(text, [
                .. Enumerable.Repeat(new[] { size, -size }, count),
                .. Enumerable.Range(0, n - count).Select(static i => new[] { 0.1 * i, 1 })])[0];
        }
    }

    [Fact]
    public void Caf_equals_its_naive_twin_up_to_what_eigenvectors_lose() =>
        Generators.UntiedRows(7, 12).Sample(rows =>
        {
            foreach (var text in new[] { "caf(f=1)", "caf(f=3)" }) ShouldBeClose(Run.Rule(text, rows), Naive.Of(text, rows), 1e-8);
        });

    [Fact]
    public void Caf_does_not_care_for_order_and_moves_with_the_rows() =>
        Gen.Select(Generators.UntiedRows(7, 12).SelectMany(static rows => Gen.Shuffle(rows), static (rows, shuffled) => (rows, shuffled)), Gen.Double[-5, 5]).Sample((pair, shift) =>
        {
            var result = Run.Rule("caf(f=3)", pair.rows);
            ShouldBeClose(Run.Rule("caf(f=3)", pair.shuffled), result, 1e-8);
            var moved = pair.rows.Select(row => row.Select(x => x + shift).ToArray()).ToArray();
            ShouldBeClose(Run.Rule("caf(f=3)", moved), [.. result.Select(x => x + shift)], 1e-8);
        });

    /// <summary>Rows of which f are far: what CAF keeps lies near the honest ones, in float as in double.</summary>
    [Fact]
    public void Caf_filters_f_far_rows_in_any_direction() =>
        Generators.UntiedRows(7, 12).Sample(rows =>
        {
            double[][] attacked = [.. rows.Select(static (row, i) => i < 3 ? [.. row.Select(x => 1e6 * x + (i * 1e5))] : row)];
            Run.Rule("caf(f=3)", attacked).Max(Math.Abs).ShouldBeLessThan(4);
            Run.Rule("caf(f=3)", Generators.ToFloat(attacked)).Max(Math.Abs).ShouldBeLessThan(4);
        });

    [Fact]
    public void A_minority_cannot_turn_a_sign_that_the_others_agree_on() =>
        Generators.Attacked(honestPerBad: 1).Sample((honest, bad) =>
        {
            var signs = honest[0].Select(static x => x < 0 ? -1.0 : 1).ToArray();
            double[][] agreeing = [.. honest.Select(row => row.Select((x, k) => signs[k] * (Math.Abs(x) + 1e-300)).ToArray())];
            Run.Rule("sign-majority", [.. bad, .. agreeing]).ShouldBe(signs);
        });

    [Fact]
    public void Mixing_lets_no_far_row_through_with_f_of_them() =>
        Generators.UntiedRows(7, 12).Sample(rows =>
        {
            var attacked = rows.Select(static (row, i) => i < 2 ? [.. row.Select(static x => (float)(1e9 * x))] : row.Select(static x => (float)x).ToArray()).ToArray();
            foreach (var text in new[] { "nnm(f=2)|trimmed-mean(f=2)", "nnm(f=2)|median", "nnm(f=2)|krum(f=2)" })
            {
                Run.Rule(text, attacked).Max(Math.Abs).ShouldBeLessThanOrEqualTo(3, text);
            }
        });

    [Theory, MemberData(nameof(Everything))]
    public void Gives_the_same_bits_every_time(string text) =>
        Generators.Rows(7, 12).Select(Generators.ToFloat).Sample(rows => Run.Rule(text, rows).ShouldBe(Run.Rule(text, rows)));

    /// <summary>Whether a change of some hundred roundings has another row chosen, as of two that lie as far from a median on either side.</summary>
    private static bool HangsOnANearTie(string text, double[][] rows)
    {
        var result = Naive.Of(text, rows);
        return new[] { 1e-5, -1e-5 }.Any(change =>
        {
            var random = new Random(rows.Length);
            double[][] changed = [.. rows.Select(row => row.Select(x => x + (change * random.NextDouble())).ToArray())];
            return Naive.Of(text, changed).Zip(result).Any(static pair => Math.Abs(pair.First - pair.Second) > 1e-3);
        });
    }

    private static void ShouldBeClose(double[] result, double[] expected, double tolerance)
    {
        result.Length.ShouldBe(expected.Length);
        for (var k = 0; k < expected.Length; k++) Math.Abs(result[k] - expected[k]).ShouldBeLessThanOrEqualTo(tolerance, $"column {k} of {expected.Length}");
    }
}
