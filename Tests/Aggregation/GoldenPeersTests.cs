namespace Basgd.Aggregation.Tests;

/// <summary>
/// Other libraries' rules, where they are the ones built in. They are not: CGE (byzpy), DnC and fourth powers of distances in Multi-Krum
/// (Blades), Aksel (Garfield), Krum and Bulyan on distances that are not squared (calicarpa/krum), clipping that begins at the mean (byzpy).
/// </summary>
public sealed class GoldenPeersTests
{
    [Theory]
    [InlineData("extra_blades", "Centeredclipping", 12)]
    [InlineData("extra_byzpy", "CenteredClipping", 12)]
    public void Centered_clipping_from_zero(string file, string rule, int count) => Agree(
        file,
        rule,
        count,
        static golden => !golden.Words.TryGetValue("init", out var init) || init[0] == "zero",
        static golden => golden.Parameters.TryGetValue("n_iter", out var steps)
            ? FormattableString.Invariant($"centered-clipping(L={steps}, tau={golden.Parameters["tau"]})")
            : FormattableString.Invariant($"centered-clipping(L={golden.Parameters["M"]}, tau={golden.Parameters["c_tau"]})"));

    /// <summary>
    /// Theirs stop when the sum of distances no longer falls by a small share, and where any point between two rows is a median nothing
    /// says which: it is the sums of distances that agree, and ours is not the larger one.
    /// </summary>
    [Theory]
    [InlineData("extra_blades", "GeoMed")]
    [InlineData("extra_byzpy", "GeometricMedian")]
    public void Geometric_median_taken_to_its_end(string file, string rule)
    {
        var inputs = GoldenFile.Inputs("extra_inputs");
        var cases = GoldenFile.Cases(file, rule);
        cases.Count.ShouldBe(12);
        foreach (var golden in cases)
        {
            var rows = inputs[golden.Input];
            var theirs = SumOfDistances(golden.Output!);
            SumOfDistances(Run.Rule("geometric-median(nu=1e-9, T=2000)", rows)).ShouldBeInRange(theirs * (1 - 1e-7), theirs * (1 + 1e-9), golden.ToString());

            double SumOfDistances(double[] z) => rows.Sum(row => Math.Sqrt(Naive.SquaredDistance(row, z)));
        }
    }

    [Fact]
    public void Mean_of_medians_is_meamed() => Agree(
        "extra_byzpy", "MeanOfMedians", 24, static _ => true, static golden => golden.Text("meamed"));

    [Fact]
    public void Brute_is_minimum_diameter_averaging() => Agree(
        "extra_krumlib", "brute", 15, static _ => true, static golden => golden.Text("mda"));

    /// <summary>torch takes the lower of two middle values.</summary>
    [Fact]
    public void Median_of_an_odd_number() => Agree(
        "extra_krumlib", "median", 9, static golden => !golden.Input.Contains("_n10_", StringComparison.Ordinal), static _ => "median");

    private static void Agree(string file, string rule, int count, Func<GoldenCase, bool> isOurs, Func<GoldenCase, string> text)
    {
        var inputs = GoldenFile.Inputs("extra_inputs");
        var cases = GoldenFile.Cases(file, rule).Where(isOurs).ToArray();
        cases.Length.ShouldBe(count);
        foreach (var golden in cases) golden.Check(Run.Rule(text(golden), inputs[golden.Input]), text(golden));
    }
}
