using Basgd.Experiments.Catalogue;
using Basgd.Experiments.Reporting;
using Basgd.Experiments.Running;

namespace Basgd.Experiments.Commands;

/// <summary>One call of <c>experiment</c>. Each report is written as its experiment ends.</summary>
internal sealed class ExperimentCommandLine(Scale scale, string folder, int? seeds, Runner runner, TextWriter output)
{
    /// <returns>The exit code: 0 where every expectation held.</returns>
    public async Task<int> Run(IReadOnlyList<Experiment> experiments, bool overview, CancellationToken cancellation)
    {
        List<Report> reports = [];
        foreach (var experiment in experiments)
        {
            reports.Add(await Run(experiment, cancellation));
            if (overview) File.WriteAllText(Path.Combine(folder, Overview.FileName), Overview.ToMarkdown(scale, reports));
        }

        return reports.All(static report => report.Orderings.All(static ordering => ordering.Held)) ? 0 : Cli.Failed;
    }

    private async Task<Report> Run(Experiment experiment, CancellationToken cancellation)
    {
        var runs = seeds ?? experiment.Seeds(scale);
        var outcomes = await runner.Run(experiment.Trials(scale), [.. Enumerable.Range(1, runs).Select(static seed => (ulong)seed)], cancellation);
        var report = new Report(experiment, scale, new Findings(experiment.Metric, outcomes), $"basgd experiment {experiment.Name} --scale {scale.Name}{(seeds is null ? "" : $" --seeds {runs}")}");
        var pictures = report.Write(Path.Combine(folder, experiment.Name));
        output.WriteLine();
        output.WriteLine($"== {experiment.Title}");
        foreach (var table in report.Tables) output.WriteLine("\n" + table.ToMarkdown());
        foreach (var ordering in report.Orderings) output.WriteLine(ordering);
        output.WriteLine();
        output.WriteLine($"report   {Path.Combine(folder, experiment.Name, Report.FileName)}");
        foreach (var picture in pictures) output.WriteLine($"picture  {picture}");
        return report;
    }
}
