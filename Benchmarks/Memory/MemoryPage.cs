using System.Globalization;
using ScottPlot;

namespace Basgd.Benchmarks.Memory;

/// <summary>The results as docs/benchmarks/memory.md and its picture.</summary>
internal static class MemoryPage
{
    private const double Megabyte = 1 << 20;

    public static void Write(IReadOnlyList<MemoryResult> results)
    {
        var (small, large) = (results[0], results[^1]);
        Draw(results, Page.PathOf("memory.png"));
        var rows = string.Concat(results.Select(result => string.Create(
            CultureInfo.InvariantCulture,
            $"| {result.Dimension:N0} | {result.Buffers} | {result.Gradients:N0} | {result.Idle / Megabyte:F0} | {result.First / Megabyte:F0} | {result.Last / Megabyte:F0} | {result.Peak / Megabyte:F0} | {result.Taken / Megabyte:F0} | {result.Allowed / Megabyte:F0} |\n")));
        Page.Write("memory.md", $"""
            # Memory of a server silo

            Made by `dotnet run -c Release --project Benchmarks -- memory`: for each size a silo with the role `server`, as it is shipped in the image (`DOTNET_GCgen0size=1000000`), in a process of its own, and another that sends it gradients of one job as fast as it takes them; every step is durable in a file before it is visible. Resident memory (VmRSS, at the peak VmHWM) in MiB.

            {Page.Machine}

            ![Resident memory over gradients](memory.png)

            | d | B | gradients | before the job | first tenth | last tenth | peak | taken at the peak | (2B + 4)·4d |
            |---|---|---|---|---|---|---|---|---|
            {rows}
            The gradients are counted after a warm-up; the first and the last tenth of the samples are told by their medians. With d = {small.Dimension:N0} all of it is the constant; with d = {large.Dimension:N0} the job took {large.Taken / Megabyte:F0} MiB at its peak, {large.Taken / (4.0 * large.Dimension):F1} vectors, where {large.Allowed / (4 * large.Dimension)} and a constant are promised.

            """);
    }

    private static void Draw(IReadOnlyList<MemoryResult> results, string path)
    {
        var figure = new Multiplot();
        figure.AddPlots(results.Count);
        figure.Layout = new ScottPlot.MultiplotLayouts.Columns();
        for (var i = 0; i < results.Count; i++) Draw(figure.GetPlot(i), results[i]);
        figure.SavePng(path, 1200, 450);
    }

    private static void Draw(Plot plot, MemoryResult result)
    {
        var line = plot.Add.ScatterLine(result.Samples.Select(static sample => (double)sample.Gradients).ToArray(), result.Samples.Select(static sample => sample.Bytes / Megabyte).ToArray());
        (line.LegendText, line.LineWidth) = ("resident", 2);
        var idle = plot.Add.HorizontalLine(result.Idle / Megabyte);
        (idle.LegendText, idle.LinePattern) = ("before the job", LinePattern.Dashed);
        var top = result.Peak;
        if (result.Allowed > Megabyte)
        {
            var allowed = plot.Add.HorizontalLine((result.Idle + result.Allowed) / Megabyte);
            (allowed.LegendText, allowed.LinePattern) = ("and (2B + 4) vectors", LinePattern.Dotted);
            top = Math.Max(top, result.Idle + result.Allowed);
        }

        plot.Title($"d = {result.Dimension.ToString("N0", CultureInfo.InvariantCulture)}");
        plot.XLabel("gradients");
        plot.YLabel("resident memory, MiB");
        plot.Axes.SetLimits(0, result.Samples[^1].Gradients, 0, top / Megabyte * 1.3);
        plot.ShowLegend(Alignment.UpperRight);
    }
}
