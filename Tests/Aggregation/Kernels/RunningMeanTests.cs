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
}
