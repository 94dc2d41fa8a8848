using Basgd.Aggregation.Kernels;

namespace Basgd.Aggregation.Tests.Kernels;

public sealed class CentreDistancesTests
{
    [Fact]
    public void Distances_are_those_of_plain_sums_for_any_size_and_number_of_threads()
    {
        foreach (var d in KernelRows.Dimensions)
        {
            var rows = KernelRows.Ordinary(5, d).Select(static row => row.Select(static value => (float)value).ToArray()).ToArray();
            var centre = rows[^1];
            var (one, three) = (Measure(rows, centre, 1), Measure(rows, centre, 3));
            one.ShouldBe(three, $"d = {d}");
            for (var i = 0; i < rows.Length; i++) one[i].ShouldBe(Naive(rows[i], centre), 1e-5 * Naive(rows[i], centre), $"row {i}, d = {d}");
        }
    }

    [Fact]
    public void Norms_are_those_of_plain_sums_for_any_size_and_number_of_threads_and_change_no_distance()
    {
        foreach (var d in KernelRows.Dimensions)
        {
            var rows = KernelRows.Ordinary(5, d).Select(static row => row.Select(static value => (float)value).ToArray()).ToArray();
            double[] Norms(int threads)
            {
                var (distances, norms) = (new double[rows.Length], new double[rows.Length]);
                CentreDistances.Measure([.. rows.Select(static row => new ReadOnlyMemory<float>(row))], rows[^1], distances, threads, norms);
                distances.ShouldBe(Measure(rows, rows[^1], 1), $"d = {d}");
                return norms;
            }

            var norms = Norms(1);
            norms.ShouldBe(Norms(3), $"d = {d}");
            for (var i = 0; i < rows.Length; i++) norms[i].ShouldBe(Naive(rows[i], new float[d]), 1e-5 * Naive(rows[i], new float[d]), $"row {i}, d = {d}");
        }
    }

    [Theory]
    [InlineData(float.MaxValue)]
    [InlineData(1e-30f)]
    public void A_distance_neither_overflows_nor_vanishes(float value) =>
        Measure([[value, -value, value]], [0, 0, 0], 1)[0].ShouldBe(Math.Sqrt(3) * value, 1e-5 * value);

    [Fact]
    public void Nearly_equal_rows_keep_their_digits() =>
        Measure([[1, MathF.BitIncrement(1)]], [1, 1], 1)[0].ShouldBe(MathF.BitIncrement(1) - 1, 1e-12);

    [Fact]
    public void A_row_that_is_not_finite_has_no_distance_and_changes_no_other() =>
        Measure([[float.NaN, 1], [3, 4]], [0, 0], 1).ShouldBe([double.NaN, 5]);

    [Fact]
    public void Lengths_that_do_not_fit_are_refused()
    {
        Should.Throw<ArgumentException>(() => Measure([[1, 2], [1, 2, 3]], [0, 0], 1)).Message.ShouldContain("a row has length 3: must be 2");
        Should.Throw<ArgumentException>(() => CentreDistances.Measure([new float[] { 1 }], new float[] { 1 }, new double[2])).Message.ShouldContain("distances has length 2: must be 1");
        Should.Throw<ArgumentException>(() => CentreDistances.Measure([new float[] { 1 }], new float[] { 1 }, new double[1], 1, new double[2])).Message.ShouldContain("norms has length 2: must be 1");
    }

    private static double[] Measure(float[][] rows, float[] centre, int threads)
    {
        var distances = new double[rows.Length];
        CentreDistances.Measure([.. rows.Select(static row => new ReadOnlyMemory<float>(row))], centre, distances, threads);
        return distances;
    }

    private static double Naive(float[] x, float[] z) => Math.Sqrt(x.Zip(z, static (a, b) => ((double)a - b) * ((double)a - b)).Sum());
}
