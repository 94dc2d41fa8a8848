using Basgd.Learning.Data;
using Basgd.Learning.Models;
using Basgd.Learning.Training;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Basgd.Learning.Tests.Training;

public sealed class MixedPrecisionTests
{
    private static readonly LearnerSettings Single = new(Seed: 8, Workers: 2, BatchSize: 32);
    private static readonly LearnerSettings Mixed = Single with { MixedPrecision = true };

    [Theory]
    [InlineData("softmax", 0.99)]
    [InlineData("lenet5", 0.99)]
    [InlineData("resnet20", 0.9)] // Twenty layers add up their roundings.
    public async Task GradientsPointWhereThoseOfSinglePrecisionDo(string model, double cosine)
    {
        using var single = await Learners.CreateAsync(model, "synthetic", Single);
        using var mixed = await Learners.CreateAsync(model, "synthetic", Mixed);
        ShouldNearlyAgree(single, mixed, cosine);
    }

    [Fact]
    public async Task SoDoTheLanguageModels()
    {
        using var single = await LanguageTests.Workload(ModelCatalog.Lstm).CreateLearnerAsync(Single with { BatchSize = 4 }, TestContext.Current.CancellationToken);
        using var mixed = await LanguageTests.Workload(ModelCatalog.Lstm).CreateLearnerAsync(Mixed with { BatchSize = 4 }, TestContext.Current.CancellationToken);
        ShouldNearlyAgree(single, mixed, 0.99);
    }

    [Fact]
    public async Task SgdLearnsByThem()
    {
        using var learner = await Learners.CreateAsync("lenet5", "synthetic", Mixed);
        var after = learner.Evaluate(Learners.Train(learner, workers: 2, steps: 200, rate: 0.05f));
        after.Accuracy.ShouldBeGreaterThan(0.8);
    }

    /// <summary>What libtorch makes of bfloat16 itself differs from one processor to the next, and is wrong on some.</summary>
    [Theory]
    [InlineData("softmax", 1)]
    [InlineData("lenet5", 5)]
    [InlineData("resnet20", 43)]
    public void OnAProcessorEveryLayerComputesInSinglePrecisionWithRoundedNumbers(string model, int layers)
    {
        using var scope = NewDisposeScope();
        random.manual_seed(4);
        var module = ModelCatalog.Classifiers.Single(entry => entry.Name == model).Create(new ExampleShape(1, 28, 28), 10);
        MixedPrecision.Apply(module, CPU);
        var seen = 0;
        foreach (var layer in module.modules().OfType<nn.Module<Tensor, Tensor>>().Where(static layer => !layer.children().Any()))
        {
            layer.register_forward_pre_hook((_, inputs) =>
            {
                seen++;
                IsRounded(inputs).ShouldBeTrue(layer.GetName());
                if (layer is not NormBase) layer.parameters().Select(IsRounded).ShouldAllBe(static rounded => rounded);
                return inputs;
            });
        }

        IsRounded(module.call(rand(4, 1, 28, 28))).ShouldBeTrue();
        seen.ShouldBe(layers);

        static bool IsRounded(Tensor values) => values.dtype == ScalarType.Float32 && values.Equals(values.to(ScalarType.BFloat16).to(ScalarType.Float32));
    }

    private static void ShouldNearlyAgree(ILearner single, ILearner mixed, double leastCosine)
    {
        var w = Learners.Initial(single);
        Learners.Initial(mixed).ShouldBe(w);
        mixed.Dimension.ShouldBe(single.Dimension);
        var (g, h) = (Learners.Gradient(single, w, 1, 2), Learners.Gradient(mixed, w, 1, 2));
        h.ShouldNotBe(g, "it was computed in less than single precision");
        (Dot(g, h) / Math.Sqrt(Dot(g, g) * Dot(h, h))).ShouldBeGreaterThan(leastCosine);
        Math.Sqrt(Dot(h, h) / Dot(g, g)).ShouldBe(1, 0.05);
        mixed.Evaluate(w).Loss.ShouldBe(single.Evaluate(w).Loss, 0.05);
    }

    private static double Dot(float[] left, float[] right) => left.Zip(right, static (a, b) => (double)a * b).Sum();
}
