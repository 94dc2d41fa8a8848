using Basgd.Learning.Data;

namespace OwnModel;

/// <summary>Two clouds of points in the plane. Data of your own are read in <see cref="ReadAsync"/>, once a silo, when a job wants them.</summary>
internal sealed class Blobs() : Dataset("blobs", "two clouds of points in the plane", new ExampleShape(1, 1, 2), 2)
{
    private const int Training = 400;
    private const int Test = 100;

    public override ValueTask<long> CountTrainingAsync(CancellationToken cancellation = default) => ValueTask.FromResult<long>(Training);

    protected override Task<Split> ReadAsync() => Task.FromResult(new Split(new Points(Training, seed: 1), new Points(Test, seed: 2)));

    /// <summary>Every silo must see the same examples, so their seed is fixed.</summary>
    private sealed class Points : IExamples
    {
        private readonly byte[] labels;
        private readonly float[] coordinates;

        public Points(int count, int seed)
        {
            var random = new Random(seed);
            labels = [.. Enumerable.Range(0, count).Select(static i => (byte)(i % 2))];
            coordinates = [.. labels.SelectMany(label => new[] { (float)random.NextDouble() + label, (float)random.NextDouble() - label })];
        }

        public ReadOnlySpan<byte> Labels => labels;

        public void Write(ReadOnlySpan<int> indices, Span<float> inputs)
        {
            for (var i = 0; i < indices.Length; i++) coordinates.AsSpan(2 * indices[i], 2).CopyTo(inputs[(2 * i)..]);
        }
    }
}
