using Basgd.Aggregation.Kernels;

namespace Basgd.Aggregation.Tests.Kernels;

public sealed class SelectionNetworkTests
{
    /// <summary>The 0–1 principle: a network that selects right among zeros and ones selects right among any numbers.</summary>
    [Fact]
    public void Selects_every_range_of_every_pattern_of_zeros_and_ones()
    {
        for (var n = 1; n <= 9; n++)
        {
            for (var first = 0; first < n; first++)
            {
                for (var last = first; last < n; last++) Verify(n, first, last);
            }
        }
    }

    [Theory]
    [InlineData(15)]
    [InlineData(30)]
    [InlineData(128)]
    public void Selects_the_middle_of_many_rows(int n)
    {
        var random = new Random(n);
        var rows = Enumerable.Range(0, n).Select(_ => Enumerable.Range(0, 41).Select(_ => random.NextDouble()).ToArray()).ToArray();
        Run.Rule("median", rows).ShouldBe(Naive.Median(rows));
    }

    [Fact]
    public void Leaves_out_what_the_middle_does_not_need() =>
        SelectionNetwork.For(30, 14, 15).Comparators.ShouldBeLessThan(SelectionNetwork.For(30, 0, 29).Comparators);

    private static void Verify(int n, int first, int last)
    {
        // One column a pattern.
        var patterns = 1 << n;
        var tile = new Tile<float>(new float[n * (patterns + 64)], n, patterns);
        for (var i = 0; i < n; i++)
        {
            for (var p = 0; p < patterns; p++) tile[i][p] = (p >> i) & 1;
        }

        SelectionNetwork.For(n, first, last).Apply(tile);
        for (var p = 0; p < patterns; p++)
        {
            var zeros = n - int.PopCount(p);
            for (var i = first; i <= last; i++) tile[i][p].ShouldBe(i < zeros ? 0 : 1, $"n = {n}, {first}…{last}, pattern {p:b}");
        }
    }
}
