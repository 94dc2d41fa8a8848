using CsCheck;

namespace Basgd.Aggregation.Tests.Kernels;

public sealed class SymmetricEigenTests
{
    /// <summary>A v = λ v, and no direction has a larger quotient than λ.</summary>
    [Fact]
    public void Finds_the_largest_eigenvalue_and_its_vector() =>
        (from n in Gen.Int[1, 12]
         from exponent in Gen.Int[-200, 200]
         from entries in Gen.Double[-1, 1].Array[n * n]
         from direction in Gen.Double[-1, 1].Array[n]
         select (n, Math.Pow(10, exponent), entries, direction)).Sample((n, scale, entries, direction) =>
         {
             var matrix = new double[n * n];
             for (var i = 0; i < n; i++)
             {
                 for (var j = 0; j < n; j++) matrix[(i * n) + j] = scale * (entries[(i * n) + j] + entries[(j * n) + i]);
             }

             var vector = new double[n];
             var value = SymmetricEigen.Largest(matrix.ToArray(), vector) / scale;
             vector.Sum(static x => x * x).ShouldBe(1, 1e-13);
             var image = Times(vector);
             for (var k = 0; k < n; k++) image[k].ShouldBe(value * vector[k], 1e-13 * n);
             var squared = direction.Sum(static x => x * x);
             Times(direction).Zip(direction, static (x, y) => x * y).Sum().ShouldBeLessThanOrEqualTo((value * squared) + (1e-13 * n));

             double[] Times(double[] x) => [.. Enumerable.Range(0, n).Select(i => Enumerable.Range(0, n).Sum(j => matrix[(i * n) + j] / scale * x[j]))];
         });

    [Fact]
    public void Zero_has_the_eigenvalue_zero()
    {
        var vector = new double[3];
        SymmetricEigen.Largest(new double[9], vector).ShouldBe(0);
        vector.ShouldBe([1, 0, 0]);
    }
}
