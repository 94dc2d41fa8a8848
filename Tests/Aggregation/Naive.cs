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

    public static double[] MultiKrum(double[][] rows, int f)
    {
        var scores = rows.Select((x, i) => rows.Where((_, j) => j != i).Select(y => SquaredDistance(x, y)).Order().Take(rows.Length - f - 2).Sum()).ToArray();
        return Mean([.. rows.Zip(scores).OrderBy(static p => p.Second).Take(rows.Length - f).Select(static p => p.First)]);
    }

    public static double[] Monna(double[][] rows, int f, int trusted) =>
        Mean([.. rows.OrderBy(x => SquaredDistance(x, rows[trusted])).Take(rows.Length - f)]);

    public static double[] Meamed(double[][] rows, int f)
    {
        var medians = Median(rows);
        return [.. medians.Select((median, k) => rows.Select(row => row[k]).OrderBy(x => Math.Abs(x - median)).ThenBy(static x => x).Take(rows.Length - f).Average())];
    }

    public static double[] Mda(double[][] rows, int f)
    {
        // Row 0 is the highest bit and the largest number comes first: lexicographic order.
        var n = rows.Length;
        var subsets = Enumerable.Range(0, 1 << n).Reverse().Where(s => int.PopCount(s) == n - f)
            .Select(s => rows.Where((_, i) => ((s >> (n - 1 - i)) & 1) == 1).ToArray());
        return Mean(subsets.MinBy(static s => s.Max(x => s.Max(y => SquaredDistance(x, y))))!);
    }

    public static double[] CenteredClipping(double[][] rows, double tau, int steps)
    {
        var v = new double[rows[0].Length];
        for (var step = 0; step < steps; step++)
        {
            var pulls = rows.Select(x => Math.Min(1, tau / Math.Sqrt(SquaredDistance(x, v)))).ToArray();
            v = [.. v.Select((centre, k) => centre + rows.Zip(pulls, (row, pull) => (row[k] - centre) * pull).Average())];
        }

        return v;
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
            "multi-krum" => MultiKrum(rows, f),
            "monna" => Monna(rows, f, (int)asked.Parameters.GetValueOrDefault("idx")),
            "meamed" => Meamed(rows, f),
            "mda" => Mda(rows, f),
            "centered-clipping" => CenteredClipping(rows, asked.Parameters.GetValueOrDefault("tau", 100), (int)asked.Parameters.GetValueOrDefault("L", 1)),
            _ => throw new ArgumentOutOfRangeException(nameof(text), text, "has no naive twin"),
        };
    }

    private static double[] PerColumn(double[][] rows, Func<double[], double> reduce) =>
        [.. Enumerable.Range(0, rows[0].Length).Select(k => reduce([.. rows.Select(row => row[k])]))];
}
