using Basgd.Learning.Training;
using CsCheck;

namespace Basgd.Learning.Tests.Training;

public class ShardTests
{
    private static readonly byte[] _labels = [.. Enumerable.Range(0, 1000).Select(i => (byte)(i % 10))];

    private static readonly Gen<LearnerSettings> _settings =
        from seed in Gen.ULong
        from workers in Gen.Int[1, 40]
        from batch in Gen.Int[1, 30]
        from alpha in Gen.Int[-3, 3].Select(exponent => exponent == 3 ? (double?)null : Math.Pow(10, exponent))
        select new LearnerSettings(seed, workers, batch, alpha);

    [Fact]
    public void EveryExampleBelongsToOneWorker() => _settings.Sample(settings =>
    {
        var shards = Shards.Of(_labels, settings);
        shards.Length.ShouldBe(settings.Workers);
        shards.SelectMany(shard => shard).Order().ShouldBe(Enumerable.Range(0, _labels.Length));
        shards.Min(shard => shard.Length).ShouldBeGreaterThanOrEqualTo(Math.Min(settings.BatchSize, _labels.Length / settings.Workers));
        if (settings.DirichletAlpha is null) (shards.Max(shard => shard.Length) - shards.Min(shard => shard.Length)).ShouldBeLessThanOrEqualTo(1);
    }, iter: 200);

    [Fact]
    public void ShardsAreAFunctionOfTheSeed()
    {
        var settings = new LearnerSettings(5, 4, 10, 0.5);
        Shards.Of(_labels, settings).SelectMany(shard => shard).ShouldBe(Shards.Of(_labels, settings).SelectMany(shard => shard));
        Shards.Of(_labels, settings).SelectMany(shard => shard).ShouldNotBe(Shards.Of(_labels, settings with { Seed = 6 }).SelectMany(shard => shard));
    }

    [Fact]
    public void SmallerAlphaSkewsTheLabelsMore()
    {
        // Share of a worker's commonest label: 1/10 if all are alike, 1 if it knows one label only; the mean over workers and seeds.
        double Skew(double? alpha) => Enumerable.Range(0, 10).Average(seed => Shards.Of(_labels, new LearnerSettings((ulong)seed, 10, 5, alpha))
            .Average(shard => shard.GroupBy(i => _labels[i]).Max(group => group.Count()) / (double)shard.Length));
        var skews = new[] { Skew(0.05), Skew(0.5), Skew(5), Skew(1000) };
        skews.ShouldBeInOrder(SortDirection.Descending);
        skews[0].ShouldBeGreaterThan(0.6);
        skews[3].ShouldBe(Skew(null), 0.1);
    }

    [Fact]
    public void AWorkersEpochShowsEachOfItsExamplesOnce() =>
        (from size in Gen.Int[1, 50]
         from batch in Gen.Int[1, 60]
         from seed in Gen.ULong
         select (size, batch, seed)).Sample(x =>
        {
            var shard = Enumerable.Range(100, x.size).ToArray();
            var batches = new Batches(x.seed, [shard]);
            var walk = new List<int>();
            var indices = new int[x.batch];
            for (var sequence = 0L; walk.Count < 3 * x.size; sequence++)
            {
                batches.Fill(0, sequence, indices);
                walk.AddRange(indices);
            }
            for (var epoch = 0; epoch < 3; epoch++) walk.Skip(epoch * x.size).Take(x.size).Order().ShouldBe(shard);
        }, iter: 300);

    [Fact]
    public void BatchesDoNotDependOnTheOrderOfAsking() =>
        (from seed in Gen.ULong
         from asked in Gen.Select(Gen.Int[0, 2], Gen.Long[0, 40]).Array[1, 20]
         select (seed, asked)).Sample(x =>
        {
            int[][] shards = [[.. Enumerable.Range(0, 30)], [.. Enumerable.Range(30, 17)], [99]];
            var used = new Batches(x.seed, shards);
            int[] expected = new int[7], actual = new int[7];
            foreach (var (worker, sequence) in x.asked)
            {
                used.Fill(worker, sequence, actual);
                new Batches(x.seed, shards).Fill(worker, sequence, expected);
                actual.ShouldBe(expected);
            }
        }, iter: 100);
}
