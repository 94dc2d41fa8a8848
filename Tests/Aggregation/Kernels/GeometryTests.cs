using Basgd.Aggregation.Kernels;

namespace Basgd.Aggregation.Tests.Kernels;

public sealed class GeometryTests
{
    /// <summary>What a Gram matrix, or torch.cdist above 25 rows, gets wrong.</summary>
    [Fact]
    public void Nearly_equal_rows_keep_their_distances_beside_a_huge_one()
    {
        var rows = Rows(30, 5000, static (i, k, random) => (float)((i == 7 ? 1e5 : 100) + (1e-3 * random.NextDouble())));
        var geometry = Geometry(rows);
        for (var i = 0; i < rows.Length; i++)
        {
            geometry.SquaredNorm(i).ShouldBe(Naive.SquaredDistance(rows[i], new double[5000]), geometry.SquaredNorm(i) * 1e-12);
            for (var j = 0; j < rows.Length; j++)
            {
                var expected = Naive.SquaredDistance(rows[i], rows[j]);
                geometry.SquaredDistance(i, j).ShouldBe(expected, expected * 1e-12);
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1e3)]
    [InlineData(1e30)]
    public void Distances_to_a_mixture_are_right_whatever_one_row_weighs(double size)
    {
        var rows = Rows(6, 300, (i, _, random) => (i == 2 ? size : 1) * (random.NextDouble() + 0.5));
        double[] weights = [0.2, 0.1, 1 / size / 5, 0.3, 0.2, 0];
        weights[5] = 1 - weights.Sum();
        var z = Enumerable.Range(0, 300).Select(k => rows.Zip(weights, (row, a) => row[k] * a).Sum()).ToArray();

        var distances = new double[6];
        Geometry(rows).SquaredDistancesTo(weights, origin: 0, distances);
        for (var j = 0; j < 6; j++)
        {
            var expected = Naive.SquaredDistance(rows[j], z);
            distances[j].ShouldBe(expected, expected * 1e-10, $"row {j}");
        }
    }

    private static double[][] Rows(int n, int d, Func<int, int, Random, double> value)
    {
        var random = new Random(11);
        return [.. Enumerable.Range(0, n).Select(i => Enumerable.Range(0, d).Select(k => value(i, k, random)).ToArray())];
    }

    private static RowGeometry<double> Geometry(double[][] rows) => new(rows.Select(static row => new ReadOnlyMemory<double>(row)).ToArray(), Simd.Width, threads: 1);
}
