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

    public static double[] Mda(double[][] rows, int f) =>
        Mean(Subsets(rows, rows.Length - f).MinBy(static s => s.Max(x => s.Max(y => SquaredDistance(x, y))))!);

    /// <param name="largest">The covariance's largest eigenvalue, over its number of rows, and the eigenvector, from deviations and weights.</param>
    /// <param name="overAll">Whether the farthest projection may be that of a row that has no weight left, as in ByzFL.</param>
    public static double[] Caf(double[][] rows, int f, Func<double[][], double[], (double Value, double[] Vector)> largest, bool overAll)
    {
        var weights = rows.Select(static _ => 1.0).ToArray();
        var least = double.PositiveInfinity;
        var best = Mean(rows);
        while (weights.Sum() is var total && total > rows.Length - (2 * f))
        {
            var mean = PerColumn(rows, column => column.Zip(weights, static (x, w) => x * w).Sum() / total);
            var deviations = rows.Select(row => row.Zip(mean, static (x, m) => x - m).ToArray()).ToArray();
            var (value, vector) = largest(deviations, weights);
            if (value < least) (least, best) = (value, mean);
            var squared = deviations.Select(deviation => Math.Pow(Dot(deviation, vector), 2)).ToArray();
            var farthest = squared.Where((_, i) => overAll || weights[i] > 0).Max();
            if (!(farthest > 0)) break;
            weights = [.. weights.Select((w, i) => w > 0 ? w * (1 - (squared[i] / farthest)) : 0)];
        }

        return best;
    }

    /// <param name="largest">As in <see cref="Caf"/>.</param>
    public static double[] Smea(double[][] rows, int f, Func<double[][], double[], (double Value, double[] Vector)> largest) =>
        Mean(Subsets(rows, rows.Length - f).Select(subset =>
        {
            var mean = Mean(subset);
            var deviations = subset.Select(row => row.Zip(mean, static (x, m) => x - m).ToArray()).ToArray();
            return (Value: largest(deviations, [.. subset.Select(static _ => 1.0)]).Value, Subset: subset);
        }).MinBy(static choice => choice.Value).Subset);

    /// <summary>The largest eigenvalue and its vector: the matrix of inner products squared again and again is a multiple of the vector's projector.</summary>
    public static (double Value, double[] Vector) Exactly(double[][] deviations, double[] weights)
    {
        var scaled = deviations.Zip(weights, static (row, w) => row.Select(x => Math.Sqrt(w) * x).ToArray()).ToArray();
        var power = scaled.Select(x => scaled.Select(y => Dot(x, y)).ToArray()).ToArray();
        for (var squaring = 0; squaring < 24; squaring++)
        {
            var largest = power.Max(static row => row.Max(Math.Abs));
            if (largest == 0) return (0, new double[deviations[0].Length]);
            var unit = power.Select(row => row.Select(x => x / largest).ToArray()).ToArray();
            power = [.. unit.Select(x => unit.Select(y => Dot(x, y)).ToArray())];
        }

        var column = power.MaxBy(static row => row.Max(Math.Abs))!;
        double[] along = [.. deviations[0].Select((_, k) => scaled.Zip(column, (row, u) => row[k] * u).Sum())];
        return PowerSteps(deviations, weights, along, 1);
    }

    /// <summary>As ByzFL estimates it: one step from a random vector.</summary>
    public static (double Value, double[] Vector) PowerSteps(double[][] deviations, double[] weights, double[] start, int steps)
    {
        var (value, vector) = (0.0, start.Select(x => x / Math.Sqrt(Dot(start, start))).ToArray());
        for (var step = 0; step < steps; step++)
        {
            var along = deviations.Select(deviation => Dot(deviation, vector)).ToArray();
            double[] next = [.. vector.Select((_, k) => deviations.Select((deviation, i) => weights[i] * along[i] * deviation[k]).Sum() / weights.Sum())];
            value = Math.Sqrt(Dot(next, next));
            if (value == 0) return (0, vector);
            vector = [.. next.Select(x => x / value)];
        }

        return (value, vector);
    }

    public static double[] Bulyan(double[][] rows, int f)
    {
        var left = rows.ToList();
        var chosen = new List<double[]>();
        while (chosen.Count < rows.Length - (2 * f))
        {
            chosen.Add(Krum([.. left], f, Math.Max(left.Count - f - 2, 1)));
            left.Remove(chosen[^1]);
        }

        return Meamed([.. chosen], 2 * f);
    }

    public static double[] SignMajority(double[][] rows) => PerColumn(rows, static column => Math.Sign(column.Sum(static x => Math.Sign(x))));

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
            "caf" => Caf(rows, f, Exactly, overAll: false),
            "smea" => Smea(rows, f, Exactly),
            "bulyan" => Bulyan(rows, f),
            "sign-majority" => SignMajority(rows),
            "centered-clipping" => CenteredClipping(rows, asked.Parameters.GetValueOrDefault("tau", 100), (int)asked.Parameters.GetValueOrDefault("L", 1)),
            _ => throw new ArgumentOutOfRangeException(nameof(text), text, "has no naive twin"),
        };
    }

    /// <summary>In lexicographic order.</summary>
    private static IEnumerable<double[][]> Subsets(double[][] rows, int size)
    {
        // Row 0 is the highest bit and the largest number comes first.
        var n = rows.Length;
        return Enumerable.Range(0, 1 << n).Reverse().Where(s => int.PopCount(s) == size)
            .Select(s => rows.Where((_, i) => ((s >> (n - 1 - i)) & 1) == 1).ToArray());
    }

    private static double Dot(double[] x, double[] y)
    {
        var sum = 0.0;
        for (var k = 0; k < x.Length; k++) sum += x[k] * y[k];
        return sum;
    }

    private static double[] PerColumn(double[][] rows, Func<double[], double> reduce) =>
        [.. Enumerable.Range(0, rows[0].Length).Select(k => reduce([.. rows.Select(row => row[k])]))];
}
