using Basgd.Aggregation.Kernels;
using CsCheck;

namespace Basgd.Aggregation.Tests.Kernels;

public sealed class RunningMeanTests
{
    [Fact]
    public void The_first_gradient_is_copied_whatever_was_there()
    {
        float[] mean = [float.NaN, 7, 8];
        RunningMean.Add(mean, [1, 2, 3], count: 1);
        mean.ShouldBe([1f, 2f, 3f]);
    }

    [Fact]
    public void Is_the_formula_of_the_paper_bit_for_bit() =>
        Gen.Select(Gen.Int[0, 70], Gen.Int[2, 30]).SelectMany(static p => Gen.Select(Gen.Float[-9, 9].Array[p.Item1], Gen.Float[-9, 9].Array[p.Item1], Gen.Const(p.Item2)))
            .Sample((h, g, n) =>
            {
                var expected = h.Zip(g, (a, b) => a + ((b - a) / n)).ToArray();
                RunningMean.Add(h, g, n);
                h.ShouldBe(expected);
            });

    [Fact]
    public void Is_the_mean_of_what_was_added() =>
        Gen.Int[1, 40].SelectMany(static d => Gen.Float[-1, 1].Array[d].Array[1, 30]).Sample(gradients =>
        {
            var mean = new float[gradients[0].Length];
            for (var i = 0; i < gradients.Length; i++) RunningMean.Add(mean, gradients[i], i + 1);
            mean.Select(static x => (double)x).ShouldBe(Naive.Mean(Generators.ToDouble(gradients)), tolerance: 1e-5);
        });

    [Fact]
    public void Opposite_extremes_do_not_overflow()
    {
        var mean = Enumerable.Repeat(3e38f, 19).ToArray();
        RunningMean.Add(mean, Enumerable.Repeat(-3e38f, 19).ToArray(), count: 2);
        mean.ShouldAllBe(static x => Math.Abs(x) < 1e32f);
    }

    [Fact]
    public void Refuses_another_length_and_a_count_below_one()
    {
        Should.Throw<ArgumentException>(() => RunningMean.Add(new float[3], new float[4], 2)).Message.ShouldContain("length 4: must be 3");
        Should.Throw<ArgumentOutOfRangeException>(() => RunningMean.Add(new float[3], new float[3], 0));
    }

    [Fact]
    public void Out_of_place_gives_the_same_mean_and_the_squares()
    {
        foreach (var d in KernelRows.Dimensions.Append(100_000))
        {
            foreach (var count in new[] { 1, 2, 7 })
            {
                var rows = Generators.ToFloat(KernelRows.Ordinary(2, d));
                VerifyTryAdd(rows[0], rows[1], count);
            }
        }
    }

    [Theory]
    [InlineData(1e30, 1)]
    [InlineData(3e38, 3e38)]
    [InlineData(1e-30, 1e-30)]
    [InlineData(0, 0)]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    public void Squares_are_right_for_any_size(double h, double g)
    {
        foreach (var d in new[] { 19, 5000 })
        {
            var rows = Generators.ToFloat(KernelRows.Make(2, d, (i, k, _) => i == 0 ? h : k % 2 == 0 ? g : -g));
            VerifyTryAdd(rows[0], rows[1], count: 2);
        }
    }

    [Fact]
    public void A_gradient_that_is_not_finite_is_refused_wherever_it_is_not_and_changes_nothing()
    {
        foreach (var bad in new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity })
        {
            foreach (var (d, k) in new[] { (1, 0), (17, 16), (5000, 0), (5000, 4999), (40_000, 20_000) })
            {
                var h = Enumerable.Repeat(1f, d).ToArray();
                var g = Enumerable.Repeat(2f, d).ToArray();
                g[k] = bad;
                foreach (var width in KernelRows.Widths)
                {
                    foreach (var count in new[] { 1, 2 })
                    {
                        RunningMean.TryAdd(h, g, count, new float[d], width, threads: 2, out _).ShouldBeFalse($"{bad} at {k} of {d}");
                        var spent = g.ToArray();
                        RunningMean.TryAdd(h, spent, count, spent, width, threads: 2, out _).ShouldBeFalse($"{bad} at {k} of {d}, in place");
                    }
                }

                h.ShouldAllBe(static x => x == 1);
            }
        }
    }

    [Fact]
    public void Gives_the_same_bits_for_any_number_of_threads()
    {
        var rows = Generators.ToFloat(KernelRows.Ordinary(2, 100_000));
        var (one, several) = (new float[100_000], new float[100_000]);
        RunningMean.TryAdd(rows[0], rows[1], 3, one, threads: 1, out var expected).ShouldBeTrue();
        foreach (var threads in new[] { 2, 3 })
        {
            RunningMean.TryAdd(rows[0], rows[1], 3, several, threads, out var squares).ShouldBeTrue();
            squares.ShouldBe(expected);
            several.ShouldBe(one);
        }
    }

    /// <summary>Long enough that the new mean is written past the caches, from an address that allows it and from one that does not.</summary>
    [Fact]
    public void Long_means_are_right_at_any_address()
    {
        const int D = 2_100_001;
        var h = Enumerable.Range(0, D).Select(static k => (float)(k % 1000)).ToArray();
        var g = Enumerable.Range(0, D).Select(static k => (float)(k % 77)).ToArray();
        var vector = Memory.ParameterVector.Rent(D + 1);
        foreach (var offset in new[] { 0, 1 })
        {
            var next = vector.Span.Slice(offset, D);
            RunningMean.TryAdd(h, g, 4, next, threads: 2, out _).ShouldBeTrue();
            Wrong(next).ShouldBe(0);

            // Over the gradient.
            g.CopyTo(next);
            RunningMean.TryAdd(h, next, 4, next, threads: 2, out _).ShouldBeTrue();
            Wrong(next).ShouldBe(0);
        }

        int Wrong(ReadOnlySpan<float> next)
        {
            var wrong = 0;
            for (var k = 0; k < D; k++) wrong += next[k] == h[k] + ((g[k] - h[k]) / 4) ? 0 : 1;
            return wrong;
        }
    }

    private static void VerifyTryAdd(float[] h, float[] g, int count)
    {
        var expected = h.ToArray();
        RunningMean.Add(expected, g, count);
        var distance = count == 1 ? 0 : h.Zip(g, static (a, b) => ((double)b - a) * ((double)b - a)).Sum();
        var norm = g.Sum(static x => (double)x * x);
        foreach (var width in KernelRows.Widths)
        {
            var next = new float[h.Length];
            RunningMean.TryAdd(h, g, count, next, width, threads: 1, out var squares).ShouldBeTrue();
            next.ShouldBe(expected);
            squares.Norm.ShouldBe(norm, norm * 1e-6);
            squares.Distance.ShouldBe(distance, distance * 1e-6);

            // In place of the gradient: the same bits.
            var spent = g.ToArray();
            RunningMean.TryAdd(h, spent, count, spent, width, threads: 1, out var again).ShouldBeTrue();
            spent.ShouldBe(expected);
            again.ShouldBe(squares);
        }
    }
}
