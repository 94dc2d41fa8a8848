namespace Basgd.Aggregation.Tests;

/// <summary>The rules written down as their papers have them, in double and with no regard to speed: what the kernels are compared with.</summary>
internal static class Naive
{
    public static double[] Mean(double[][] rows) => PerColumn(rows, static column => column.Average());

    public static double[] Median(double[][] rows) => PerColumn(rows, static column =>
    {
        Array.Sort(column);
        return (column[(column.Length - 1) / 2] + column[column.Length / 2]) / 2;
    });

    public static double[] TrimmedMean(double[][] rows, int f) => PerColumn(rows, column =>
    {
        Array.Sort(column);
        return column[f..^f].Average();
    });

    public static double[] Krum(double[][] rows, int f, int neighbours)
    {
        var scores = rows.Select((x, i) => rows.Where((_, j) => j != i).Select(y => SquaredDistance(x, y)).Order().Take(neighbours).Sum()).ToArray();
        return rows[Array.IndexOf(scores, scores.Min())];
    }

    public static double[] GeometricMedian(double[][] rows, double nu = 0.1, int steps = 3)
    {
        var z = new double[rows[0].Length];
        for (var step = 0; step < steps; step++)
        {
            var beta = rows.Select(x => 1 / Math.Max(nu, Math.Sqrt(SquaredDistance(x, z)))).ToArray();
            z = PerColumn(rows, column => column.Zip(beta, static (x, b) => x * b).Sum() / beta.Sum());
        }

        return z;
    }

    public static double SquaredDistance(double[] x, double[] y) => x.Zip(y, static (a, b) => (a - b) * (a - b)).Sum();

    public static double[] Of(string text, double[][] rows)
    {
        var asked = NamedParameters.Parse(text);
        var f = (int)asked.Parameters.GetValueOrDefault("f");
        return asked.Name switch
        {
            "mean" => Mean(rows),
            "median" => Median(rows),
            "trimmed-mean" => TrimmedMean(rows, f),
            "krum" => Krum(rows, f, rows.Length - f + (int)asked.Parameters.GetValueOrDefault("neighbours", -2)),
            "geometric-median" => GeometricMedian(rows),
            _ => throw new ArgumentOutOfRangeException(nameof(text), text, "has no naive twin"),
        };
    }

    private static double[] PerColumn(double[][] rows, Func<double[], double> reduce) =>
        [.. Enumerable.Range(0, rows[0].Length).Select(k => reduce([.. rows.Select(row => row[k])]))];
}
