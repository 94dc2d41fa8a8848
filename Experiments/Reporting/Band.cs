using Basgd.Experiments.Running;
using Basgd.Simulator;

namespace Basgd.Experiments.Reporting;

/// <summary>The curves of one trial's runs, put together: at each place the mean over seeds, the least and the most.</summary>
/// <param name="X">Ascending.</param>
internal sealed record Band(IReadOnlyList<double> X, IReadOnlyList<double> Mean, IReadOnlyList<double> Least, IReadOnlyList<double> Most)
{
    /// <summary>At the places of the run that went furthest; a run that ended earlier keeps its last value, as a diverged model does.</summary>
    public static Band Of(IReadOnlyList<RunRecord> runs, Metric metric, Func<Progress, double> place)
    {
        var curves = runs.Select(metric.Of).ToArray();
        double[] xs = [.. curves.MaxBy(curve => place(curve[^1].At))!.Select(sample => place(sample.At)).Distinct()];
        var spreads = xs.Select(x => Spread.Of([.. curves.Select(curve => At(curve, place, x))])).ToArray();
        return new Band(xs, [.. spreads.Select(static s => s.Mean)], [.. spreads.Select(static s => s.Least)], [.. spreads.Select(static s => s.Most)]);
    }

    /// <summary>Drawn on at its last values, for runs that ended because nothing would change any more.</summary>
    public Band Until(double end) => X[^1] >= end ? this : new Band([.. X, end], [.. Mean, Mean[^1]], [.. Least, Least[^1]], [.. Most, Most[^1]]);

    private static double At(IReadOnlyList<Sample> curve, Func<Progress, double> place, double x)
    {
        var after = curve.TakeWhile(sample => place(sample.At) < x).Count();
        if (after == curve.Count) return curve[^1].Value;
        if (after == 0) return curve[0].Value;
        var (left, right) = (curve[after - 1], curve[after]);
        var share = (x - place(left.At)) / (place(right.At) - place(left.At));
        return left.Value + (share * (right.Value - left.Value));
    }
}
