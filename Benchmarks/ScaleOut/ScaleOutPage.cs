using System.Globalization;
using ScottPlot;

namespace Basgd.Benchmarks.ScaleOut;

/// <summary>The result as docs/benchmarks/scale-out.md and its picture.</summary>
internal static class ScaleOutPage
{
    private static readonly Color Ours = Color.FromHex("#1f77b4");
    private static readonly Color Theirs = Color.FromHex("#ff7f0e");

    public static void Write(ScaleOutResult result, TimeSpan length)
    {
        Draw(result, Page.PathOf("scale-out.png"));
        var scales = string.Concat(result.Scales.Select(scale => string.Create(CultureInfo.InvariantCulture, $"| {scale.Silos} | {scale.Gradients:F1} | {scale.Gradients / result.Scales[0].Gradients:F2} |\n")));
        Page.Write("scale-out.md", $"""
            # Scaling out, and one straggler

            Made by `dotnet run -c Release --project Benchmarks -- scale-out`. Processes of their own: a silo with the role `server`, one to four with the role `worker`, Redis for the cluster, steps durable in files. A gradient sleeps {SleepingWorkload.Delay.TotalMilliseconds} ms instead of computing, so that four worker silos fit on one machine: what is measured is everything but the gradient.

            {Page.Machine}

            ![Gradients per second by worker silos, and with one straggler](scale-out.png)

            ## One, two, four worker silos

            One job of {ScaleOutBenchmark.Workers} workers in {ScaleOutBenchmark.Job(SleepingWorkload.Even).Buffers} buffers, {ScaleOutBenchmark.Lanes} lanes a silo. Silos join while it runs; counted for {length.TotalSeconds} s once each has its share of the workers.

            | worker silos | gradients/s | over one silo |
            |---|---|---|
            {scales}
            ## One straggler of {ScaleOutBenchmark.Workers} workers, {SleepingWorkload.Slowness} times slower

            Four worker silos, a lane for each worker; the medians of {result.Rounds.Count} rounds of {length.TotalSeconds} s for each number. The barrier is a loop in one process with the same sleeps, in which every step waits for one gradient of every worker, and nothing is sent or stored.

            | | all alike | one straggler | lost |
            |---|---|---|---|
            | Basgd, gradients/s | {result.Median(static r => r.Even.Gradients):F1} | {result.Median(static r => r.OneStraggler.Gradients):F1} | {100 * result.Loss:F1} % |
            | Basgd, steps/s | {result.Median(static r => r.Even.Steps):F1} | {result.Median(static r => r.OneStraggler.Steps):F1} | {100 * result.LossOfSteps:F1} % |
            | barrier, gradients/s | {result.Median(static r => r.BarrierEven):F1} | {result.Median(static r => r.BarrierOneStraggler):F1} | {100 * result.BarrierLoss:F1} % |

            The gradients that the straggler itself does not send are {100 * (1 - (1.0 / SleepingWorkload.Slowness)) / ScaleOutBenchmark.Workers:F1} %. Its buffer has other workers; alone in one it would set the pace of the steps, although nobody would wait for it: give buffers more than one worker each.

            """);
    }

    private static void Draw(ScaleOutResult result, string path)
    {
        var figure = new Multiplot();
        figure.AddPlots(2);
        figure.Layout = new ScottPlot.MultiplotLayouts.Columns();
        Scales(figure.GetPlot(0), result);
        Straggler(figure.GetPlot(1), result);
        figure.SavePng(path, 1200, 500);
    }

    private static void Scales(Plot plot, ScaleOutResult result)
    {
        var silos = result.Scales.Select(static scale => (double)scale.Silos).ToArray();
        var measured = plot.Add.Scatter(silos, result.Scales.Select(static scale => scale.Gradients).ToArray(), Ours);
        (measured.LegendText, measured.LineWidth, measured.MarkerSize) = ("measured", 2, 10);
        var ideal = plot.Add.Scatter(silos, silos.Select(count => count * result.Scales[0].Gradients).ToArray(), Colors.Gray);
        (ideal.LegendText, ideal.LinePattern, ideal.MarkerSize) = ("in proportion", LinePattern.Dashed, 0);
        plot.Title("More worker silos");
        plot.XLabel("worker silos");
        plot.YLabel("gradients per second");
        plot.Axes.Bottom.SetTicks(silos, [.. result.Scales.Select(static scale => $"{scale.Silos}")]);
        plot.Axes.SetLimits(0.5, silos[^1] + 0.5, 0, silos[^1] * result.Scales[0].Gradients * 1.1);
        plot.ShowLegend(Alignment.UpperLeft);
    }

    private static void Straggler(Plot plot, ScaleOutResult result)
    {
        double[] heights =
        [
            result.Median(static r => r.Even.Gradients), result.Median(static r => r.OneStraggler.Gradients),
            result.Median(static r => r.BarrierEven), result.Median(static r => r.BarrierOneStraggler),
        ];
        var bars = plot.Add.Bars(heights.Select((height, i) => new Bar
        {
            Position = i,
            Value = height,
            FillColor = i < 2 ? Ours : Theirs,
            Label = height.ToString("F0", CultureInfo.InvariantCulture),
        }).ToArray());
        bars.ValueLabelStyle.FontSize = 14;
        plot.Title($"One of {ScaleOutBenchmark.Workers} workers {SleepingWorkload.Slowness} times slower");
        plot.YLabel("gradients per second");
        plot.Axes.Bottom.SetTicks([0, 1, 2, 3], ["Basgd,\nall alike", "Basgd,\none straggler", "barrier,\nall alike", "barrier,\none straggler"]);
        plot.Axes.SetLimits(-0.6, 3.6, 0, heights.Max() * 1.15);
    }
}
