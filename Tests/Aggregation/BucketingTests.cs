using Basgd.Aggregation.Kernels;

namespace Basgd.Aggregation.Tests;

public sealed class BucketingTests
{
    private static readonly double[][] Rows = [.. Enumerable.Range(0, 7).Select(static i => new[] { Math.Pow(2, i) })];

    [Fact]
    public void Every_row_is_in_one_bucket_and_the_last_one_may_be_smaller()
    {
        for (var s = 1; s <= 9; s++)
        {
            var matrix = Bucketing.Mix([3, 1, 0, 2, 6, 5, 4], s);
            matrix.Length.ShouldBe((7 + s - 1) / s);
            foreach (var bucket in matrix) bucket.Sum().ShouldBe(1, 1e-15);
            for (var i = 0; i < 7; i++) matrix.Count(bucket => bucket[i] != 0).ShouldBe(1);
        }
    }

    [Fact]
    public void The_same_seed_and_round_are_the_same_buckets()
    {
        for (var round = 0; round < 20; round++) Aggregate(seed: 3, round).ShouldBe(Aggregate(seed: 3, round));
    }

    [Fact]
    public void Another_round_or_another_seed_are_other_buckets()
    {
        Enumerable.Range(0, 50).Select(static round => Aggregate(seed: 0, round)).Distinct().Count().ShouldBeGreaterThan(10);
        Enumerable.Range(0, 50).Select(static seed => Aggregate(seed, round: 0)).Distinct().Count().ShouldBeGreaterThan(10);
    }

    /// <summary>Of six rows in pairs each two meet in a fifth of the rounds; five standard errors.</summary>
    [Fact]
    public void Over_the_rounds_any_two_rows_meet_equally_often()
    {
        const int Rounds = 5000;
        var together = new int[6, 6];
        var stage = new Bucketing(size: 2, seed: 1);
        var geometry = new RowGeometry<double>(Run.Memories(Rows[..6]), Simd.Width, threads: 1);
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var bucket in stage.Mix(geometry, round))
            {
                var members = Enumerable.Range(0, 6).Where(i => bucket[i] != 0).ToArray();
                together[members[0], members[1]]++;
            }
        }

        for (var i = 0; i < 6; i++)
        {
            for (var j = i + 1; j < 6; j++) (together[i, j] / (double)Rounds).ShouldBe(0.2, 5 * Math.Sqrt(0.2 * 0.8 / Rounds), $"{i} and {j}");
        }
    }

    [Fact]
    public void Rules_without_chance_do_not_care_for_the_round()
    {
        var (first, second) = (new double[1], new double[1]);
        var rule = Rules.Create<double>("nnm(f=1)|median");
        rule.Aggregate(Run.Memories(Rows), first, round: 1);
        rule.Aggregate(Run.Memories(Rows), second, round: 2);
        second.ShouldBe(first);
    }

    private static double Aggregate(int seed, long round)
    {
        var result = new double[1];
        Rules.Create<double>($"bucketing(s=2, seed={seed})|median").Aggregate(Run.Memories(Rows), result, round);
        return result[0];
    }
}
