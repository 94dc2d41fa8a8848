using Basgd.Learning.Data;
using Basgd.Learning.Models;
using Basgd.Learning.Training;
using static TorchSharp.torch;

namespace Basgd.Learning.Tests;

/// <summary>What it takes to bring a model and data of one's own: the three types below.</summary>
public class OwnWorkloadTests
{
    private sealed class TwoBlobs : IExamples
    {
        private readonly float[] _points;
        private readonly byte[] _labels;

        public TwoBlobs(int count, int seed)
        {
            var random = new Random(seed);
            _labels = [.. Enumerable.Range(0, count).Select(i => (byte)(i % 2))];
            _points = [.. _labels.SelectMany(label => new[] { (float)random.NextDouble() + label, (float)random.NextDouble() - label })];
        }

        public ReadOnlySpan<byte> Labels => _labels;

        public void Write(ReadOnlySpan<int> indices, Span<float> inputs)
        {
            for (var i = 0; i < indices.Length; i++) _points.AsSpan(2 * indices[i], 2).CopyTo(inputs[(2 * i)..]);
        }
    }

    private sealed class BlobData() : Dataset("blobs", "two clouds of points in the plane", new ExampleShape(1, 1, 2), 2)
    {
        public override ValueTask<long> CountTrainingAsync(CancellationToken cancellation = default) => ValueTask.FromResult(400L);

        protected override Task<Split> ReadAsync() => Task.FromResult(new Split(new TwoBlobs(400, 1), new TwoBlobs(100, 2)));
    }

    private sealed class Mine() : ClassifierWorkload(
        new Model("mlp", "one hidden layer", (shape, classes) => nn.Sequential(
            nn.Flatten(), nn.Linear(shape.Size, 8), nn.Tanh(), nn.Linear(8, classes))),
        new BlobData());

    [Fact]
    public async Task IsDescribedAndLearns()
    {
        IWorkload mine = new Mine();
        (mine.Model, mine.Dataset, mine.ModelSummary).ShouldBe(("mlp", "blobs", "one hidden layer"));
        var description = await mine.DescribeAsync(TestContext.Current.CancellationToken);
        description.Dimension.ShouldBe(2 * 8 + 8 + 8 * 2 + 2);
        description.TrainingExamples.ShouldBe(400);

        using var learner = await mine.CreateLearnerAsync(new LearnerSettings(Seed: 3, Workers: 2, BatchSize: 20), TestContext.Current.CancellationToken);
        learner.Evaluate(Learners.Train(learner, workers: 2, steps: 200, rate: 0.5f)).Accuracy.ShouldBeGreaterThan(0.95);
    }
}
