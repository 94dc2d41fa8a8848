using Basgd.Aggregation.Kernels;
using System.Numerics;

namespace Basgd.Aggregation.Tests.Kernels;

public sealed class GeometryTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(1e3)]
    [InlineData(1e30)]
    public void Distances_to_a_mixture_are_right_whatever_one_row_weighs(double size)
    {
        var rows = KernelRows.Make(6, 300, (i, _, random) => (i == 2 ? size : 1) * (random.NextDouble() + 0.5));
        double[] weights = [0.2, 0.1, 1 / size / 5, 0.3, 0.2, 0];
        weights[5] = 1 - weights.Sum();
        var floats = Generators.ToFloat(rows);
        foreach (var width in KernelRows.Widths)
        {
            VerifyTo(Geometry(rows, width), rows, weights, 1e-10);
            VerifyTo(Geometry(floats, width), Generators.ToDouble(floats), weights, 1e-4);
        }
    }

    [Theory]
    [InlineData("mean", 1)]
    [InlineData("scale", 1)]
    [InlineData("mean", 1e6)]
    [InlineData("scale", 1e6)]
    [InlineData("scale", 1e30)]
    public void Mixtures_lie_as_if_they_had_been_mixed(string how, double size)
    {
        var rows = KernelRows.Make(7, 300, (i, _, random) => (i == 2 ? size : 1) * (random.NextDouble() - 0.5));

        // Four of seven, among them the huge one for some, and rows shortened to about the same length.
        double[][] mixing = how == "mean"
            ? [.. Enumerable.Range(0, 7).Select(static i => Enumerable.Range(0, 7).Select(j => (j - i + 7) % 7 < 4 ? 0.25 : 0).ToArray())]
            : [.. Enumerable.Range(0, 7).Select(i => Enumerable.Range(0, 7).Select(j => j == i ? 0.9 / (i == 2 ? size : 1) : 0).ToArray())];
        var floats = Generators.ToFloat(rows);
        foreach (var width in KernelRows.Widths)
        {
            VerifyMixed(Geometry(rows, width), rows, mixing, 1e-10);
            VerifyMixed(Geometry(floats, width), Generators.ToDouble(floats), mixing, 1e-4);
        }
    }

    [Fact]
    public void Equal_mixtures_are_at_no_distance()
    {
        var rows = KernelRows.Ordinary(4, 50);
        double[][] mixing = [[0.5, 0.5, 0, 0], [0, 0.5, 0.5, 0], [0.5, 0.5, 0, 0]];
        new MixedGeometry<double>(Geometry(rows, Simd.Width), mixing).SquaredDistance(0, 2).ShouldBe(0);

        double[][] identical = [rows[0], rows[0], rows[0], rows[0]];
        new MixedGeometry<double>(Geometry(identical, Simd.Width), mixing).SquaredDistance(0, 1).ShouldBe(0);
    }

    [Fact]
    public void Everything_at_once_is_what_is_measured_one_by_one()
    {
        var rows = KernelRows.Ordinary(5, 70);
        var (apart, together) = (Geometry(rows, Simd.Width), Geometry(rows, Simd.Width));
        together.MeasureAll();
        for (var i = 0; i < 5; i++)
        {
            together.SquaredNorm(i).ShouldBe(apart.SquaredNorm(i));
            for (var j = 0; j < 5; j++) together.SquaredDistance(i, j).ShouldBe(apart.SquaredDistance(i, j));
        }
    }

    private static void VerifyTo(Geometry geometry, double[][] rows, double[] weights, double error)
    {
        var z = Mix(rows, weights);
        var distances = new double[rows.Length];
        geometry.SquaredDistancesTo(weights, origin: 0, distances);
        for (var j = 0; j < rows.Length; j++) ShouldBeClose(distances[j], Naive.SquaredDistance(rows[j], z), error);
    }

    private static void VerifyMixed<T>(RowGeometry<T> given, double[][] rows, double[][] mixing, double error)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var geometry = new MixedGeometry<T>(given, mixing);
        double[][] mixed = [.. mixing.Select(weights => Mix(rows, weights))];
        for (var i = 0; i < mixed.Length; i++)
        {
            ShouldBeClose(geometry.SquaredNorm(i), Naive.SquaredDistance(mixed[i], new double[mixed[i].Length]), error);
            for (var j = 0; j < mixed.Length; j++) ShouldBeClose(geometry.SquaredDistance(i, j), Naive.SquaredDistance(mixed[i], mixed[j]), error);
        }

        double[] centre = [.. Enumerable.Range(0, mixing.Length).Select(i => i == 1 ? 0.4 : 0.1)];
        VerifyTo(geometry, mixed, centre, error);
    }

    private static void ShouldBeClose(double actual, double expected, double error) => actual.ShouldBe(expected, expected * error);

    private static double[] Mix(double[][] rows, double[] weights) =>
        [.. Enumerable.Range(0, rows[0].Length).Select(k => rows.Zip(weights, (row, a) => row[k] * a).Sum())];

    private static RowGeometry<T> Geometry<T>(T[][] rows, SimdWidth width)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => new(Run.Memories(rows), width, threads: 1);
}
