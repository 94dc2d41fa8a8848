using Basgd.Experiments.Running;
using Basgd.Simulator;

namespace Basgd.Experiments.Tests;

/// <summary>Runs as they might have been.</summary>
internal static class Given
{
    /// <summary>A run evaluated at each of so many seconds and accuracies.</summary>
    public static RunRecord Run(ulong seed, params ReadOnlySpan<(double Seconds, double Accuracy)> points)
    {
        List<CurvePoint> curve = [];
        foreach (var (seconds, accuracy) in points) curve.Add(new CurvePoint(new Progress(seconds, (long)(10 * seconds), (long)seconds, seconds / 100), 1, 1, accuracy));
        return new RunRecord(seed, curve, new Totals(curve[^1].At, curve[^1].At.Gradients, 0, 1), new GradientCounts(90, 9, 0, 0), new GradientCounts(10, 0, 1, 0), SimulationEnd.Horizon, 1) { Beliefs = [new RoundBeliefs(curve[^1].At, 1, 0.5, 0, 0, 0.1)] };
    }

    /// <summary>Three runs of the trial that end at the given accuracy, one a percent above, one below.</summary>
    public static Outcome Outcome(Trial trial, double accuracy) =>
        new(trial, [.. new[] { 0, 0.01, -0.01 }.Select((off, seed) => Run((ulong)seed + 1, (0, 0.1), (100, accuracy + off)))]);
}

internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("basgd-experiments-").FullName;

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
