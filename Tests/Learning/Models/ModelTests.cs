using Basgd.Learning.Data;
using Basgd.Learning.Models;
using Basgd.Learning.Training;

namespace Basgd.Learning.Tests.Models;

public class ModelTests
{
    [Theory]
    [InlineData("softmax", 1, 28, 7_850)]
    [InlineData("lenet5", 1, 28, 61_706)]
    [InlineData("lenet5", 3, 32, 62_006)]
    [InlineData("resnet20", 1, 28, 272_186)]
    [InlineData("resnet20", 3, 32, 272_474)]
    public async Task DimensionsAreThoseOfTheLiterature(string name, int channels, int side, int dimension)
    {
        var data = new Blank(new ExampleShape(channels, side, side));
        var workload = new ClassifierWorkload(ModelCatalog.Classifiers.Single(model => model.Name == name), data);
        var description = await workload.DescribeAsync(TestContext.Current.CancellationToken);
        description.Dimension.ShouldBe(dimension);
        description.Layout.Sum(entry => entry.Count).ShouldBe(dimension);
        description.Layout.Select(entry => entry.Name).ShouldBeUnique();
        description.Layout[^1].Name.ShouldEndWith(".bias");
        data.Reads.ShouldBe(0, "describing must not read the examples");

        using var learner = await workload.CreateLearnerAsync(new LearnerSettings(1, 1, 2), TestContext.Current.CancellationToken);
        learner.Dimension.ShouldBe(dimension);
        var gradient = Learners.Gradient(learner, Learners.Initial(learner), 0, 0);
        gradient.ShouldAllBe(value => float.IsFinite(value));
    }

    [Fact]
    public async Task LeNetSaysWhichImagesItTakes()
    {
        var workload = new ClassifierWorkload(ModelCatalog.LeNet5, new Blank(new ExampleShape(1, 20, 20)));
        (await Should.ThrowAsync<ArgumentException>(async () => await workload.DescribeAsync(TestContext.Current.CancellationToken)))
            .Message.ShouldContain("20x20");
    }

    [Fact]
    public async Task InitialParametersFollowTheDefaultsOfPyTorch()
    {
        var workload = Learners.Workload("resnet20", "synthetic");
        var layout = (await workload.DescribeAsync(TestContext.Current.CancellationToken)).Layout;
        using var learner = await Learners.CreateAsync("resnet20", "synthetic", new LearnerSettings(1, 1, 1));
        using var other = await Learners.CreateAsync("resnet20", "synthetic", new LearnerSettings(2, 1, 1));
        var values = Learners.Initial(learner);
        values.ShouldNotBe(Learners.Initial(other));

        float[] Of(string name)
        {
            var index = layout.ToList().FindIndex(entry => entry.Name == name);
            return values.AsSpan((int)layout.Take(index).Sum(entry => entry.Count), (int)layout[index].Count).ToArray();
        }
        Of("layer1.0.bn1.weight").ShouldAllBe(value => value == 1);
        Of("layer1.0.bn1.bias").ShouldAllBe(value => value == 0);
        var bound = 1 / Math.Sqrt(16 * 9);
        var weights = Of("layer1.0.conv1.weight");
        weights.ShouldAllBe(value => Math.Abs(value) <= bound);
        weights.Average(value => value * value).ShouldBe((float)(bound * bound / 3), (float)(bound * bound / 30));
        Of("fc.bias").ShouldAllBe(value => value != 0 && Math.Abs(value) <= 1 / Math.Sqrt(64));
    }

    [Fact]
    public async Task BatchNormalisationIsJudgedWithStatisticsOfTheParametersAtHand()
    {
        var workload = new ClassifierWorkload(ModelCatalog.ResNet20, new Blank(new ExampleShape(3, 8, 8)));
        var settings = new LearnerSettings(9, 2, 20);
        using var learner = await workload.CreateLearnerAsync(settings, TestContext.Current.CancellationToken);
        using var fresh = await workload.CreateLearnerAsync(settings, TestContext.Current.CancellationToken);
        var w = Learners.Train(learner, workers: 2, steps: 40, rate: 0.1f);
        var judged = learner.Evaluate(w);
        judged.Accuracy.ShouldBeGreaterThan(0.9, "running statistics that were never fitted would leave it near chance");
        fresh.Evaluate(w).ShouldBe(judged);
        learner.Evaluate(Learners.Initial(learner));
        learner.Evaluate(w).ShouldBe(judged);
    }

    /// <summary>Brightness tells the class; whatever the shape.</summary>
    private sealed class Blank(ExampleShape shape) : Dataset("blank", "images of one brightness", shape, 10)
    {
        public int Reads { get; private set; }

        public override ValueTask<long> CountTrainingAsync(CancellationToken cancellation = default) => ValueTask.FromResult(200L);

        protected override Task<Split> ReadAsync()
        {
            Reads++;
            return Task.FromResult(new Split(Draw(200), Draw(50)));
        }

        private ImageExamples Draw(int count)
        {
            var labels = Enumerable.Range(0, count).Select(i => (byte)(i % 2)).ToArray();
            var random = new Random(4);
            var pixels = labels.SelectMany(label => Enumerable.Range(0, Shape.Size).Select(i => (byte)(random.Next(100) + (i % 2 == label ? 100 : 0)))).ToArray();
            return new ImageExamples(Shape, pixels, labels, [.. Enumerable.Repeat(new PixelScale(0.4, 0.3), Shape.Channels)]);
        }
    }
}
