using Basgd.Experiments.Running;
using Basgd.Simulator;

namespace Basgd.Experiments;

/// <summary>What became of a trial.</summary>
/// <param name="Runs">One for each seed, at least one.</param>
internal sealed record Outcome(Trial Trial, IReadOnlyList<RunRecord> Runs)
{
    public bool AnyDiverged => Runs.Any(static run => run.End == SimulationEnd.Diverged);

    public bool AnyStarved => Runs.Any(static run => run.End == SimulationEnd.Starved);

    /// <summary>The metric at the end of each run, by seed.</summary>
    public IReadOnlyList<double> Final(Metric metric) => [.. Runs.Select(run => metric.Of(run)[^1].Value)];
}

/// <summary>Mean and spread over seeds.</summary>
/// <param name="Deviation">Standard deviation of the sample; 0 for one value.</param>
internal readonly record struct Spread(double Mean, double Deviation, double Least, double Most)
{
    public static Spread Of(IReadOnlyCollection<double> values)
    {
        var mean = values.Average();
        // Infinities, as of a level that a run never reached, have no deviation.
        var deviation = values.Count < 2 || !double.IsFinite(mean) ? 0 : Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1));
        return new Spread(mean, deviation, values.Min(), values.Max());
    }

    public override string ToString() => Deviation == 0 ? Metric.Show(Mean) : $"{Metric.Show(Mean)} ± {Metric.Show(Deviation)}";
}
