namespace Basgd.Aggregation.Tests;

public sealed class GoldenAttacksTests
{
    private static readonly Dictionary<string, string> Names = new()
    {
        ["ARC"] = "arc",
        ["Average"] = "mean",
        ["Clipping"] = "clipping",
        ["GeometricMedian"] = "geometric-median",
        ["Meamed"] = "meamed",
        ["Median"] = "median",
        ["MultiKrum"] = "multi-krum(neighbours=-1)",
        ["NNM"] = "nnm",
        ["TrMean"] = "trimmed-mean",
    };

    /// <summary>Sign and label flipping in ByzFL are the honest mean, or what it would be, times −1 and 1.</summary>
    [Theory]
    [InlineData("InnerProductManipulation", "inner-product-manipulation", "", 44)]
    [InlineData("ALittleIsEnough", "a-little-is-enough", "", 44)]
    [InlineData("Mimic", "mimic", "", 32)]
    [InlineData("SignFlipping", "inner-product-manipulation", "tau=1", 20)]
    [InlineData("LabelFlipping", "inner-product-manipulation", "tau=-1", 12)]
    public void Collusive_attacks_agree_with_the_reference(string reference, string attack, string variant, int count)
    {
        var inputs = GoldenFile.Inputs("inputs");
        var cases = GoldenFile.Cases("att_simple", reference);
        cases.Count.ShouldBe(count);
        foreach (var golden in cases)
        {
            var honest = inputs[golden.Input];
            var text = golden.Text(attack, variant);
            golden.Check(Forge(text, honest, new AttackTarget<double>(Rules.Create<double>("mean"), 1)), text);
        }
    }

    [Theory]
    [InlineData("Optimal_InnerProductManipulation", "optimal-inner-product-manipulation", 33)]
    [InlineData("Optimal_ALittleIsEnough", "optimal-a-little-is-enough", 34)]
    public void Optimal_attacks_find_the_strength_of_the_reference(string reference, string attack, int count)
    {
        var inputs = GoldenFile.Inputs("inputs");
        var cases = GoldenFile.Cases("att_optimal", reference);
        cases.Count.ShouldBe(count);
        foreach (var golden in cases)
        {
            golden.Parameters.Remove("f", out var f);
            var rule = string.Join('|', golden.Words["pre"].Concat(golden.Words["agg"]).Select(static name => Names[name]));
            var target = new AttackTarget<double>(Rules.Create<double>(rule, (int)f), (int)f);
            var optimal = (OptimalStrength)Attacks.CreateCollusive(golden.Text(attack));
            var honest = inputs[golden.Input];
            optimal.Strength<double>(Run.Memories(honest), target, honest[0].Length).ShouldBe(golden.Strength, 1e-9 * Math.Abs(golden.Strength), $"{rule} on {golden}");
            golden.Check(Forge(golden.Text(attack), honest, target), $"{attack} on {rule}");
        }
    }

    [Fact]
    public void Infinity_agrees_with_the_reference()
    {
        var inputs = GoldenFile.Inputs("inputs");
        foreach (var golden in GoldenFile.Cases("att_simple", "Inf"))
        {
            var gradient = new float[inputs[golden.Input][0].Length];
            Attacks.Create("infinity").Apply(gradient, new Random(1));
            gradient.Select(static x => (double)x).ShouldBe(golden.Output!);
        }
    }

    [Fact]
    public void Gaussian_agrees_with_the_reference_on_the_numbers_it_drew()
    {
        foreach (var golden in GoldenFile.Cases("att_simple", "Gaussian"))
        {
            var noise = new GaussianNoise(golden.Parameters["mu"], golden.Parameters["sigma"]);
            golden.Check([.. golden.Noise.SelectMany(static draw => draw).Select(noise.From)], "gaussian");
        }
    }

    private static double[] Forge(string text, double[][] honest, AttackTarget<double> target)
    {
        var forged = new double[honest[0].Length];
        Attacks.CreateCollusive(text).Forge(Run.Memories(honest), target, forged);
        return forged;
    }
}
