using System.Text;

namespace Basgd.Experiments.Reporting;

/// <summary>The experiments of one command, for a reader who decides where to look.</summary>
internal static class Overview
{
    public const string FileName = "README.md";

    public static string ToMarkdown(Scale scale, IReadOnlyList<Report> reports)
    {
        var text = new StringBuilder();
        text.AppendLine($"# Experiments, scale {scale.Name}").AppendLine();
        text.AppendLine("| experiment | expectations held | report |");
        text.AppendLine("|---|---:|---|");
        foreach (var report in reports)
            text.AppendLine($"| {report.Experiment.Title} | {report.Orderings.Count(static o => o.Held)} of {report.Orderings.Count} | [{report.Experiment.Name}]({report.Experiment.Name}/{Report.FileName}) |");
        foreach (var report in reports)
        {
            foreach (var ordering in report.Orderings.Where(static o => !o.Held))
                text.AppendLine().AppendLine($"Not held in [{report.Experiment.Name}]({report.Experiment.Name}/{Report.FileName}): {ordering.Claim} ({ordering.Numbers}).");
        }

        return text.ToString();
    }
}
