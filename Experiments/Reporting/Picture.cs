using Basgd.Simulator;
using ScottPlot;

namespace Basgd.Experiments.Reporting;

/// <summary>The curves of a setting: a line a method, with a band from the least to the most over seeds.</summary>
/// <param name="Axis">What runs along the bottom.</param>
/// <param name="Place">Its value.</param>
internal sealed record Picture(string Axis, Func<Progress, double> Place)
{
    private const int Width = 1000;
    private const int Height = 620;
    private const double HighestPerplexity = 1e5;

    /// <summary>Work: gradients that arrived at the server.</summary>
    public static Picture ByGradients { get; } = new("gradients received", static at => at.Gradients);

    /// <summary>Time: virtual seconds.</summary>
    public static Picture BySeconds { get; } = new("virtual seconds", static at => at.Seconds);

    /// <summary>Steps: what a server learns by.</summary>
    public static Picture ByRounds { get; } = new("rounds", static at => at.Steps);

    /// <summary>Writes a PNG.</summary>
    public void Save(string path, string title, Metric metric, IReadOnlyList<Outcome> outcomes)
    {
        var end = outcomes.SelectMany(static outcome => outcome.Runs).Max(run => Place(metric.Of(run)[^1].At));
        using var plot = new Plot();
        plot.Add.Palette = new ScottPlot.Palettes.Category10();
        var logarithmic = !metric.IsShare;
        double Y(double value) => logarithmic ? Math.Log10(Math.Min(value, HighestPerplexity)) : value;
        foreach (var (outcome, i) in outcomes.Select(static (outcome, i) => (outcome, i)))
        {
            var band = Band.Of(outcome.Runs, metric, Place);
            if (outcome.AnyDiverged || outcome.AnyStarved) band = band.Until(end);
            double[] xs = [.. band.X];
            var color = plot.Add.Palette.GetColor(i);
            if (outcome.Runs.Count > 1)
            {
                var fill = plot.Add.FillY(xs, [.. band.Least.Select(Y)], [.. band.Most.Select(Y)]);
                fill.FillColor = color.WithAlpha(0.15);
                fill.LineWidth = 0;
                fill.MarkerShape = MarkerShape.None;
            }

            var line = plot.Add.ScatterLine(xs, [.. band.Mean.Select(Y)], color);
            line.LegendText = outcome.Trial.Method;
            line.LineWidth = 2;
            line.LinePattern = i < 10 ? LinePattern.Solid : LinePattern.Dashed;
        }

        if (logarithmic) plot.Axes.Left.TickGenerator = new ScottPlot.TickGenerators.NumericAutomatic { LabelFormatter = static y => Metric.Show(Math.Pow(10, y)) };
        else plot.Axes.SetLimitsY(0, 100);
        plot.Title(title);
        plot.XLabel(Axis);
        plot.YLabel(metric.Name);
        plot.ShowLegend(Edge.Right);
        plot.SavePng(path, Width, Height);
    }
}
