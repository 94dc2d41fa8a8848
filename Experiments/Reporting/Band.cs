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
        double[] xs = [.. runs.MaxBy(run => place(run.Curve[^1].At))!.Curve.Select(point => place(point.At)).Distinct()];
        var spreads = xs.Select(x => Spread.Of([.. runs.Select(run => At(run, metric, place, x))])).ToArray();
        return new Band(xs, [.. spreads.Select(static s => s.Mean)], [.. spreads.Select(static s => s.Least)], [.. spreads.Select(static s => s.Most)]);
    }

    /// <summary>Drawn on at its last values, for runs that ended because nothing would change any more.</summary>
    public Band Until(double end) => X[^1] >= end ? this : new Band([.. X, end], [.. Mean, Mean[^1]], [.. Least, Least[^1]], [.. Most, Most[^1]]);

    private static double At(RunRecord run, Metric metric, Func<Progress, double> place, double x)
    {
        var after = run.Curve.TakeWhile(point => place(point.At) < x).Count();
        if (after == run.Curve.Count) return metric.Of(run.Curve[^1]);
        if (after == 0) return metric.Of(run.Curve[0]);
        var (left, right) = (run.Curve[after - 1], run.Curve[after]);
        var share = (x - place(left.At)) / (place(right.At) - place(left.At));
        return metric.Of(left) + (share * (metric.Of(right) - metric.Of(left)));
    }
}
