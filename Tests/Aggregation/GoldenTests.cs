namespace Basgd.Aggregation.Tests;

/// <summary>Every reference vector of the rules that are built in: ByzFL's answers in double, and the 2017 paper's Krum.</summary>
public sealed class GoldenTests
{
    [Theory]
    [InlineData("agg_average", "Average", "mean", "", "inputs", 60)]
    [InlineData("agg_centeredclipping", "CenteredClipping", "centered-clipping", "", "inputs", 132)]
    [InlineData("agg_geometricmedian", "GeometricMedian", "geometric-median", "", "inputs", 108)]
    [InlineData("agg_krum", "Krum", "krum", "neighbours=-1", "inputs", 86)]
    [InlineData("agg_mda", "MDA", "mda", "", "inputs", 72)]
    [InlineData("agg_meamed", "Meamed", "meamed", "", "inputs", 93)]
    [InlineData("agg_median", "Median", "median", "", "inputs", 60)]
    [InlineData("agg_monna", "MoNNA", "monna", "", "inputs", 130)]
    [InlineData("agg_multikrum", "MultiKrum", "multi-krum", "neighbours=-1", "inputs", 86)]
    [InlineData("agg_trmean", "TrMean", "trimmed-mean", "", "inputs", 93)]
    [InlineData("ref_smea_exact", "SMEA_exact", "smea", "", "inputs", 20)]
    [InlineData("extra_paper_krum", "krum_paper", "krum", "", "extra_inputs", 16)]
    [InlineData("extra_paper_krum", "krum_paper", "multi-krum", "", "extra_inputs", 16)]
    public void Agrees_with_the_reference_in_double(string file, string reference, string rule, string variant, string inputFile, int atLeast)
    {
        var inputs = GoldenFile.Inputs(inputFile);
        var checkedCases = 0;
        foreach (var golden in GoldenFile.Cases(file, reference))
        {
            var rows = inputs[golden.Input];

            // m rows are averaged: Krum has one, Multi-Krum n − f.
            if (golden.Parameters.Remove("m", out var m) && m != (rule == "krum" ? 1 : rows.Length - golden.Parameters["f"])) continue;

            // ByzFL's centre outlives the call.
            if (golden.Parameters.Remove("calls", out var calls)) golden.Parameters["L"] *= calls;
            var text = golden.Text(rule, variant);
            if (golden.IsRefused || golden.IsInformative)
            {
                Should.Throw<ArgumentException>(() => Run.Rule(text, rows), $"{text} on {golden}");
                continue;
            }

            // Ours gives a tie to the smaller value; ByzFL to whatever argpartition happens to leave in front.
            if (rule == "meamed" && golden.IsTied) Run.Rule(text, rows).ShouldBe(Naive.Of(text, rows), tolerance: 1e-12, customMessage: $"{text} on {golden}");
            else golden.Check(Run.Rule(text, rows), text);
            checkedCases++;
        }

        checkedCases.ShouldBeGreaterThanOrEqualTo(atLeast);
    }

    [Theory]
    [InlineData("NNM+TrMean", "nnm|trimmed-mean")]
    [InlineData("Clipping+NNM+TrMean", "clipping(c=2)|nnm|trimmed-mean")]
    [InlineData("NNM+MultiKrum", "nnm | multi-krum(neighbours=-1)")]
    [InlineData("ARC+NNM+GeometricMedian", "arc|nnm|geometric-median")]
    [InlineData("NNM+Median", "nnm|median")]
    public void Agrees_with_the_reference_on_pipelines(string reference, string text)
    {
        var inputs = GoldenFile.Inputs("inputs");
        var cases = GoldenFile.Cases("pipelines", reference);
        cases.Count.ShouldBeGreaterThanOrEqualTo(12);
        foreach (var golden in cases)
        {
            var rows = inputs[golden.Input];
            var result = new double[rows[0].Length];
            Rules.Create<double>(text, (int)golden.Parameters["f"]).Aggregate(Run.Memories(rows), result);
            golden.Check(result, text);
        }
    }

    [Theory]
    [InlineData("pre_nnm", "NNM", "nnm")]
    [InlineData("pre_clipping", "Clipping", "clipping")]
    [InlineData("pre_arc", "ARC", "arc")]
    public void Agrees_with_the_reference_on_pre_aggregations(string file, string reference, string stage)
    {
        var inputs = GoldenFile.Inputs("inputs");
        foreach (var golden in GoldenFile.Cases(file, reference))
        {
            var rows = inputs[golden.Input];
            var text = golden.Text(stage);
            if (golden.IsInformative) Should.Throw<ArgumentException>(() => Run.Stage(text, rows), $"{text} on {golden}");
            else golden.Check(Run.Stage(text, rows), text);
        }
    }

    [Fact]
    public void Buckets_rows_as_the_reference_in_the_order_it_drew()
    {
        var inputs = GoldenFile.Inputs("inputs");
        var cases = GoldenFile.Cases("pre_bucketing", "Bucketing");
        cases.Count.ShouldBe(45);
        foreach (var golden in cases.Where(static c => !c.IsInformative))
            golden.Check(Run.Mixed(Bucketing.Mix(golden.Permutation, (int)golden.Parameters["s"]), inputs[golden.Input]), "bucketing");
    }

    [Fact]
    public void Adaptive_clipping_shortens_as_many_rows_as_the_reference()
    {
        foreach (var (n, f, clipped) in GoldenFile.ClippedCounts()) AdaptiveClipping.Clipped(n, f).ShouldBe(clipped, $"n = {n}, f = {f}");
    }
}
