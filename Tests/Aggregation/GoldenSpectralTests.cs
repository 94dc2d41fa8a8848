namespace Basgd.Aggregation.Tests;

/// <summary>
/// CAF and SMEA in ByzFL follow one power step from a random vector. The twins do the same from the vectors it drew and agree with it;
/// <see cref="RulePropertyTests"/> has that the rules agree with the twins once the step is carried on to the eigenvector.
/// </summary>
public sealed class GoldenSpectralTests
{
    [Fact]
    public void The_twin_of_caf_agrees_with_the_reference_on_the_vectors_it_drew()
    {
        var inputs = GoldenFile.Inputs("inputs");
        var cases = GoldenFile.Cases("agg_caf_recorded", "CAF");
        var compared = 0;
        foreach (var golden in cases.Where(static c => !c.IsRefused && !c.IsInformative))
        {
            var draws = new Queue<double[]>(golden.Noise);
            golden.Check(
                Naive.Caf(inputs[golden.Input], (int)golden.Parameters["f"], (deviations, weights) => Naive.PowerSteps(deviations, weights, draws.Dequeue(), 1), overAll: true),
                "caf");
            draws.ShouldBeEmpty(golden.ToString());
            compared++;
        }

        compared.ShouldBe(11);
    }

    [Fact]
    public void The_twin_of_smea_agrees_with_the_reference_on_the_vectors_it_drew()
    {
        var inputs = GoldenFile.Inputs("inputs");
        var cases = GoldenFile.Cases("agg_smea_recorded", "SMEA");
        var compared = 0;
        foreach (var golden in cases.Where(static c => !c.IsRefused))
        {
            var draws = new Queue<double[]>(golden.Noise);
            golden.Check(
                Naive.Smea(inputs[golden.Input], (int)golden.Parameters["f"], (deviations, weights) => Naive.PowerSteps(deviations, weights, draws.Dequeue(), 1)),
                "smea");
            draws.ShouldBeEmpty(golden.ToString());
            compared++;
        }

        compared.ShouldBe(17);
    }

    /// <summary>Where ByzFL returns nothing, raises, or does not end.</summary>
    [Fact]
    public void Caf_and_smea_answer_where_the_reference_does_not()
    {
        var inputs = GoldenFile.Inputs("inputs");
        var answered = 0;
        foreach (var (rule, golden) in GoldenFile.Cases("agg_caf_recorded", "CAF").Select(static c => ("caf", c)).Concat(GoldenFile.Cases("agg_smea_recorded", "SMEA").Select(static c => ("smea", c))))
        {
            if (!golden.IsRefused && !golden.IsInformative) continue;
            var rows = inputs[golden.Input];
            var expected = rule == "caf" && golden.Parameters["f"] == 0 ? Naive.Mean(rows) : Naive.Of(golden.Text(rule), rows);
            Run.Rule(golden.Text(rule), rows).ShouldBe(expected, tolerance: 1e-9, customMessage: $"{rule} on {golden}");
            answered++;
        }

        answered.ShouldBe(8);
    }
}
