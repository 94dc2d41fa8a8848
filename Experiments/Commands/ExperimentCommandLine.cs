using Basgd.Experiments.Catalogue;
using Basgd.Experiments.Reporting;
using Basgd.Experiments.Running;

namespace Basgd.Experiments.Commands;

/// <summary>One call of <c>experiment</c>. Each report is written as its experiment ends.</summary>
internal sealed class ExperimentCommandLine(Scale scale, string folder, int? seeds, Runner runner, TextWriter output, bool json)
{
    /// <returns>The exit code: 0 where every expectation held.</returns>
    public async Task<int> Run(IReadOnlyList<Experiment> experiments, bool overview, CancellationToken cancellation)
    {
        List<Report> reports = [];
        List<object> documents = [];
        foreach (var experiment in experiments)
        {
            var (report, pictures) = await Run(experiment, cancellation);
            reports.Add(report);
            documents.Add(Document(report, pictures));
            if (!json) Write(report, pictures);
            if (overview) File.WriteAllText(Path.Combine(folder, Overview.FileName), Overview.ToMarkdown(scale, reports));
        }

        if (json) output.WriteJson(overview ? documents : documents[0]);
        return reports.All(static report => report.Orderings.All(static ordering => ordering.Held)) ? 0 : Cli.Failed;
    }

    private string FileOf(Report report) => Path.Combine(folder, report.Experiment.Name, Report.FileName);

    private object Document(Report report, IReadOnlyList<string> pictures) => new
    {
        report.Experiment.Name,
        report.Experiment.Title,
        scale = scale.Name,
        report.Tables,
        expectations = report.Orderings,
        report = FileOf(report),
        pictures,
    };

    private async Task<(Report Report, IReadOnlyList<string> Pictures)> Run(Experiment experiment, CancellationToken cancellation)
    {
        var runs = seeds ?? experiment.Seeds(scale);
        var outcomes = await runner.Run(experiment.Trials(scale), [.. Enumerable.Range(1, runs).Select(static seed => (ulong)seed)], cancellation);
        var report = new Report(experiment, scale, new Findings(experiment.Metric, outcomes), $"basgd experiment {experiment.Name} --scale {scale.Name}{(seeds is null ? "" : $" --seeds {runs}")}");
        return (report, report.Write(Path.Combine(folder, experiment.Name)));
    }

    private void Write(Report report, IReadOnlyList<string> pictures)
    {
        output.WriteLine();
        output.WriteLine($"== {report.Experiment.Title}");
        foreach (var table in report.Tables) output.WriteLine("\n" + table.ToMarkdown());
        foreach (var ordering in report.Orderings) output.WriteLine(ordering);
        output.WriteLine();
        output.WriteLine($"report   {FileOf(report)}");
        foreach (var picture in pictures) output.WriteLine($"picture  {picture}");
    }
}
