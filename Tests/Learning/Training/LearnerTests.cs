namespace Basgd.Learning.Tests.Training;

public class LearnerTests
{
    private static readonly LearnerSettings _settings = new(Seed: 11, Workers: 3, BatchSize: 25);

    [Theory]
    [InlineData("softmax", 0.1f)]
    [InlineData("lenet5", 0.05f)]
    public async Task PlainSgdLearns(string model, float rate)
    {
        using var learner = await Learners.CreateAsync(model, "synthetic", _settings);
        learner.Evaluate(Learners.Initial(learner)).Accuracy.ShouldBeLessThan(0.4);
        var after = learner.Evaluate(Learners.Train(learner, workers: 3, steps: 200, rate));
        after.Examples.ShouldBe(1000);
        after.Accuracy.ShouldBeGreaterThan(0.8);
        after.Loss.ShouldBeLessThan(1);
    }

    [Fact]
    public async Task FlippedLabelsTeachAnotherLabelThanTheRightOne()
    {
        using var learner = await Learners.CreateAsync("softmax", "synthetic", _settings with { LabelFlippers = 3 });
        learner.Evaluate(Learners.Train(learner, workers: 3, steps: 200, rate: 0.1f)).Accuracy.ShouldBeLessThan(0.05);
    }

    [Fact]
    public async Task OnlyTheLastWorkersFlipLabels()
    {
        using var honest = await Learners.CreateAsync("softmax", "synthetic", _settings);
        using var attacked = await Learners.CreateAsync("softmax", "synthetic", _settings with { LabelFlippers = 1 });
        var w = Learners.Initial(honest);
        Learners.Gradient(attacked, w, worker: 1, sequence: 0).ShouldBe(Learners.Gradient(honest, w, worker: 1, sequence: 0));
        Learners.Gradient(attacked, w, worker: 2, sequence: 0).ShouldNotBe(Learners.Gradient(honest, w, worker: 2, sequence: 0));
    }

    [Fact, Trait("category", "slow")]
    public async Task LeNetLearnsFashionMnist()
    {
        using var learner = await Learners.CreateAsync("lenet5", "fashion-mnist", _settings);
        var after = learner.Evaluate(Learners.Train(learner, workers: 3, steps: 800, rate: 0.05f));
        after.Examples.ShouldBe(10_000);
        after.Accuracy.ShouldBeGreaterThan(0.7);
    }

    [Theory]
    [InlineData("softmax")]
    [InlineData("lenet5")]
    public async Task GradientIsTheSlopeOfTheLoss(string model)
    {
        using var learner = await Learners.CreateAsync(model, "synthetic", _settings);
        var w = Learners.Initial(learner);
        Learners.GradientShouldBeTheSlope(learner, w);
    }

    [Theory]
    [InlineData("lenet5", null)]
    [InlineData("resnet20", 0.3)]
    public async Task AnswersDoNotDependOnEarlierCalls(string model, double? alpha)
    {
        var settings = _settings with { DirichletAlpha = alpha, BatchSize = 8 };
        using var fresh = await Learners.CreateAsync(model, "synthetic", settings);
        using var used = await Learners.CreateAsync(model, "synthetic", settings);
        var w = Learners.Initial(used);
        foreach (var (worker, sequence) in new[] { (2, 1_000_000L), (1, 7L), (0, 0L), (1, 300L) }) Learners.Gradient(used, w, worker, sequence);

        Learners.Initial(fresh).ShouldBe(w);
        Learners.Gradient(fresh, w, 1, 7).ShouldBe(Learners.Gradient(used, w, 1, 7));
        Learners.Gradient(fresh, w, 1, 8).ShouldNotBe(Learners.Gradient(used, w, 1, 7));
        Learners.Gradient(fresh, w, 0, 7).ShouldNotBe(Learners.Gradient(used, w, 1, 7));
    }

    [Fact]
    public async Task LearnersSideBySideDoNotDisturbEachOther()
    {
        using var alone = await Learners.CreateAsync("lenet5", "synthetic", _settings);
        var w = Learners.Initial(alone);
        var expected = Enumerable.Range(0, 3).Select(worker => Learners.Gradient(alone, w, worker, 5)).ToArray();
        var together = await Task.WhenAll(Enumerable.Range(0, 3).Select(worker => Task.Run(async () =>
        {
            using var learner = await Learners.CreateAsync("lenet5", "synthetic", _settings);
            for (var sequence = 0; sequence < 5; sequence++) Learners.Gradient(learner, w, worker, sequence);
            return Learners.Gradient(learner, w, worker, 5);
        })));
        for (var worker = 0; worker < 3; worker++) together[worker].ShouldBe(expected[worker]);
    }

    /// <summary>libtorch keeps for each thread how many threads an operation may use, and the order of a sum goes by it.</summary>
    [Theory]
    [InlineData("softmax")]
    [InlineData("lenet5")]
    public async Task ItDoesNotMatterWhatElseTheThreadHasComputed(string model)
    {
        using var learner = await Learners.CreateAsync(model, "synthetic", _settings);
        var w = Learners.Initial(learner);
        OnNewThread(() => Learners.Gradient(learner, w, 0, 5)).ShouldBe(OnNewThread(() =>
        {
            learner.Evaluate(w);
            return Learners.Gradient(learner, w, 0, 5);
        }));

        static float[] OnNewThread(Func<float[]> compute)
        {
            float[] result = [];
            var thread = new Thread(() => result = compute());
            thread.Start();
            thread.Join();
            return result;
        }
    }

    [Fact]
    public async Task WrongArgumentsAreRefused()
    {
        using var learner = await Learners.CreateAsync("softmax", "synthetic", _settings);
        var w = Learners.Initial(learner);
        var d = learner.Dimension;
        Should.Throw<ArgumentOutOfRangeException>(() => learner.Gradient(w, 3, 0, new float[d]));
        Should.Throw<ArgumentOutOfRangeException>(() => learner.Gradient(w, -1, 0, new float[d]));
        Should.Throw<ArgumentOutOfRangeException>(() => learner.Gradient(w, 0, -1, new float[d]));
        Should.Throw<ArgumentException>(() => learner.Gradient(new float[d - 1], 0, 0, new float[d]));
        Should.Throw<ArgumentException>(() => learner.Gradient(w, 0, 0, new float[d + 1]));
        Should.Throw<ArgumentException>(() => learner.Initialise(new float[d + 1]));
        await Should.ThrowAsync<ArgumentException>(async () => await Learners.CreateAsync("softmax", "synthetic", _settings with { DirichletAlpha = 0 }));
        await Should.ThrowAsync<ArgumentException>(async () => await Learners.CreateAsync("softmax", "synthetic", _settings with { BatchSize = 0 }));
        (await Should.ThrowAsync<ArgumentException>(async () => await Learners.CreateAsync("softmax", "synthetic", _settings with { Workers = 6001 })))
            .Message.ShouldContain("workers = 6001");
    }
}
