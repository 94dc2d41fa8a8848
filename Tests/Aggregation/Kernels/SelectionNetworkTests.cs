using Basgd.Aggregation.Kernels;

namespace Basgd.Aggregation.Tests.Kernels;

/// <summary>By the 0–1 principle: what selects right among zeros and ones selects right among any numbers.</summary>
public sealed class SelectionNetworkTests
{
    private const int PatternsAtOnce = 64;

    [Fact]
    public void Selects_every_range_of_every_pattern_of_zeros_and_ones()
    {
        for (var n = 1; n <= 11; n++)
        {
            for (var first = 0; first < n; first++)
            {
                for (var last = first; last < n; last++)
                {
                    Verify(Needs(n, first, last, Need.Sum));
                    Verify(Needs(n, first, last, Need.Itself));
                }
            }
        }
    }

    [Theory]
    [InlineData(12)]
    [InlineData(13)]
    [InlineData(14)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(18)]
    public void Selects_what_the_rules_need_of_every_pattern(int n)
    {
        for (var f = 0; 2 * f < n; f++) Verify(Needs(n, f, n - 1 - f, Need.Sum));
        Verify(Needs(n, 0, n - 1, Need.Itself));
        Verify(MeanOfNearest.Needs(n, n - (n / 3)));
        Verify(MeanOfNearest.Needs(n, n / 3));
    }

    [Theory]
    [InlineData(20)]
    [InlineData(23)]
    [InlineData(30)]
    [InlineData(64)]
    [InlineData(128)]
    public void Selects_what_the_rules_need_of_many_patterns(int n)
    {
        var random = new Random(n);
        Need[][] all = [.. new[] { 0, 2, n / 5, (n - 1) / 2 }.Select(f => Needs(n, f, n - 1 - f, Need.Sum)), Needs(n, 0, n - 1, Need.Itself), MeanOfNearest.Needs(n, n - (n / 5))];
        foreach (var needs in all)
        {
            var network = SelectionNetwork.For(needs);
            for (var round = 0; round < 60; round++)
            {
                // As many ones as zeros up to hardly any: the patterns in between decide.
                var wires = new ulong[n];
                for (var bit = 0; bit < PatternsAtOnce; bit++)
                {
                    var share = random.NextDouble();
                    for (var i = 0; i < n; i++) wires[i] |= random.NextDouble() < share ? 1UL << bit : 0;
                }

                Verify(needs, network, wires);
            }
        }
    }

    [Fact]
    public void Leaves_out_what_is_not_needed()
    {
        var sorted = SelectionNetwork.For(Needs(30, 0, 29, Need.Itself)).Operations;
        var trimmed = SelectionNetwork.For(Needs(30, 6, 23, Need.Itself)).Operations;
        trimmed.ShouldBeLessThan(sorted);
        SelectionNetwork.For(Needs(30, 6, 23, Need.Sum)).Operations.ShouldBeLessThan(trimmed);
        SelectionNetwork.For(Needs(30, 0, 29, Need.Sum)).Operations.ShouldBe(0);
    }

    private static Need[] Needs(int n, int first, int last, Need need)
    {
        var needs = new Need[n];
        needs.AsSpan(first..(last + 1)).Fill(need);
        return needs;
    }

    private static void Verify(Need[] needs)
    {
        var n = needs.Length;
        var network = SelectionNetwork.For(needs);
        for (var pattern = 0; pattern < 1 << n; pattern += PatternsAtOnce)
        {
            var wires = new ulong[n];
            for (var bit = 0; bit < PatternsAtOnce; bit++)
            {
                for (var i = 0; i < n; i++) wires[i] |= (ulong)(((pattern + bit) >> i) & 1) << bit;
            }

            Verify(needs, network, wires);
        }
    }

    /// <param name="wires">64 patterns, one a bit.</param>
    private static void Verify(Need[] needs, SelectionNetwork network, ulong[] wires)
    {
        var ones = Enumerable.Range(0, PatternsAtOnce).Select(bit => Ones(wires, bit)).ToArray();
        foreach (var (low, high, keepLow, keepHigh) in network.Comparators)
        {
            var (a, b) = (wires[low], wires[high]);

            // What is not kept must not be read again: it becomes what no input was.
            wires[low] = keepLow ? a & b : ulong.MaxValue;
            wires[high] = keepHigh ? a | b : 0;
        }

        var n = needs.Length;
        for (var bit = 0; bit < PatternsAtOnce; bit++)
        {
            var zeros = n - ones[bit];
            var (summed, expected) = (0, 0);
            for (var i = 0; i < n; i++)
            {
                var value = (int)(wires[i] >> bit) & 1;
                var right = i < zeros ? 0 : 1;
                if (needs[i] == Need.Itself && value != right) throw new InvalidOperationException($"n = {n}, needs {string.Join("", needs.Select(static x => (int)x))}: rank {i} is {value} with {ones[bit]} ones.");
                if (needs[i] != Need.Sum) continue;
                summed += value;
                expected += right;
            }

            summed.ShouldBe(expected, $"n = {n}, needs {string.Join("", needs.Select(static x => (int)x))}, {ones[bit]} ones");
        }
    }

    private static int Ones(ulong[] wires, int bit) => wires.Count(wire => ((wire >> bit) & 1) == 1);
}
