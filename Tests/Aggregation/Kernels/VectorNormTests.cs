using Basgd.Aggregation.Kernels;
using CsCheck;

namespace Basgd.Aggregation.Tests.Kernels;

public sealed class VectorNormTests
{
    private static readonly Gen<float[]> Vectors = Gen.Float[-1000, 1000].Array[1, 40];

    [Fact]
    public void Clipping_leaves_a_short_vector_and_gives_a_long_one_the_norm_and_its_direction() =>
        Gen.Select(Vectors, Gen.Double[0.1, 2000]).Sample((vector, limit) =>
        {
            float[] clipped = [.. vector];
            VectorNorm.Clip(clipped, limit);
            var norm = Norm(vector);
            if (norm <= limit) clipped.ShouldBe(vector);
            else for (var i = 0; i < vector.Length; i++) ((double)clipped[i]).ShouldBe(vector[i] * limit / norm, 1e-6 * limit);
        });

    [Fact]
    public void Normalising_gives_the_norm_1() =>
        Vectors.Where(static vector => Norm(vector) > 0).Sample(static vector =>
        {
            float[] normalised = [.. vector];
            VectorNorm.Normalise(normalised);
            for (var i = 0; i < vector.Length; i++) ((double)normalised[i]).ShouldBe(vector[i] / Norm(vector), 1e-6);
        });

    [Theory]
    [InlineData(float.MaxValue)]
    [InlineData(float.Epsilon)]
    public void The_norm_neither_overflows_nor_vanishes(float value)
    {
        float[] vector = [value, -value];
        VectorNorm.Normalise(vector);
        ((double)vector[0]).ShouldBe(Math.Sqrt(0.5), 1e-6);
        ((double)vector[1]).ShouldBe(-Math.Sqrt(0.5), 1e-6);
    }

    [Fact]
    public void Zero_stays_zero()
    {
        float[] vector = [0, 0, 0];
        VectorNorm.Normalise(vector);
        VectorNorm.Clip(vector, 1);
        vector.ShouldBe([0, 0, 0]);
    }

    /// <summary>Else the buffer would not see that the worker cannot go on.</summary>
    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void What_is_not_finite_stays_so(float value)
    {
        float[] clipped = [1, value], normalised = [1, value];
        VectorNorm.Clip(clipped, 1);
        VectorNorm.Normalise(normalised);
        clipped.All(float.IsFinite).ShouldBeFalse();
        normalised.All(float.IsFinite).ShouldBeFalse();
    }

    private static double Norm(float[] vector) => Math.Sqrt(vector.Sum(static x => (double)x * x));
}
