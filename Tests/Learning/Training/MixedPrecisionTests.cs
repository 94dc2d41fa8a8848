using Basgd.Learning.Models;

namespace Basgd.Learning.Tests.Training;

public sealed class MixedPrecisionTests
{
    private static readonly LearnerSettings Single = new(Seed: 8, Workers: 2, BatchSize: 32);
    private static readonly LearnerSettings Mixed = Single with { MixedPrecision = true };

    [Theory]
    [InlineData("softmax", 0.99, 0.05)]
    [InlineData("lenet5", 0.7, 0.15)] // 0.78 and 0.89 of its length on AMD's Zen 5, where oneDNN computes these convolutions worse by AVX-512 than by AVX2 (0.996).
    [InlineData("resnet20", 0.9, 0.05)] // Twenty layers add up their roundings.
    public async Task GradientsPointWhereThoseOfSinglePrecisionDo(string model, double leastCosine, double mostLonger)
    {
        using var single = await Learners.CreateAsync(model, "synthetic", Single);
        using var mixed = await Learners.CreateAsync(model, "synthetic", Mixed);
        ShouldNearlyAgree(single, mixed, leastCosine, mostLonger);
    }

    [Fact]
    public async Task SoDoTheLanguageModels()
    {
        using var single = await LanguageTests.Workload(ModelCatalog.Lstm).CreateLearnerAsync(Single with { BatchSize = 4 }, TestContext.Current.CancellationToken);
        using var mixed = await LanguageTests.Workload(ModelCatalog.Lstm).CreateLearnerAsync(Mixed with { BatchSize = 4 }, TestContext.Current.CancellationToken);
        ShouldNearlyAgree(single, mixed, 0.99, 0.05);
    }

    [Fact]
    public async Task SgdLearnsByThem()
    {
        using var learner = await Learners.CreateAsync("lenet5", "synthetic", Mixed);
        var after = learner.Evaluate(Learners.Train(learner, workers: 2, steps: 200, rate: 0.05f));
        after.Accuracy.ShouldBeGreaterThan(0.8);
    }

    private static void ShouldNearlyAgree(ILearner single, ILearner mixed, double leastCosine, double mostLonger)
    {
        var w = Learners.Initial(single);
        Learners.Initial(mixed).ShouldBe(w);
        mixed.Dimension.ShouldBe(single.Dimension);
        var (g, h) = (Learners.Gradient(single, w, 1, 2), Learners.Gradient(mixed, w, 1, 2));
        h.ShouldNotBe(g, "it was computed in less than single precision");
        (Dot(g, h) / Math.Sqrt(Dot(g, g) * Dot(h, h))).ShouldBeGreaterThan(leastCosine);
        Math.Sqrt(Dot(h, h) / Dot(g, g)).ShouldBe(1, mostLonger);
        mixed.Evaluate(w).Loss.ShouldBe(single.Evaluate(w).Loss, 0.05);
    }

    private static double Dot(float[] left, float[] right) => left.Zip(right, static (a, b) => (double)a * b).Sum();
}
