using System.Text;
using Basgd.Experiments.Catalogue;

namespace Basgd.Experiments.Reporting;

/// <summary>What an experiment found, as files: report.md, a CSV of every curve, of beliefs where they were kept, and of each table, and a picture of each setting.</summary>
/// <param name="Command">That makes it again.</param>
internal sealed record Report(Experiment Experiment, Scale Scale, Findings Findings, string Command)
{
    public const string FileName = "report.md";

    public IReadOnlyList<Table> Tables { get; } = Experiment.Tables(Scale, Findings);

    public IReadOnlyList<Ordering> Orderings { get; } = [.. Experiment.Orderings(Scale, Findings)];

    private bool HasBeliefs => Findings.Outcomes.Any(static outcome => outcome.Trial.Setup.KeepsBeliefs);

    /// <summary>Writes all files into the folder.</summary>
    /// <returns>The pictures' paths.</returns>
    public IReadOnlyList<string> Write(string folder)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "curves.csv"), Csv.Curves(Findings));
        if (HasBeliefs) File.WriteAllText(Path.Combine(folder, "rounds.csv"), Csv.Rounds(Findings));
        foreach (var table in Tables) File.WriteAllText(Path.Combine(folder, table.Name + ".csv"), table.ToCsv());
        File.WriteAllText(Path.Combine(folder, FileName), ToMarkdown());
        List<string> pictures = [];
        foreach (var setting in Findings.Settings)
        {
            var path = Path.Combine(folder, PictureOf(setting));
            Experiment.Picture.Save(path, setting, Experiment.MetricIn(setting), [.. Findings.Outcomes.Where(outcome => outcome.Trial.Setting == setting)]);
            pictures.Add(path);
        }

        return pictures;
    }

    public string ToMarkdown()
    {
        var text = new StringBuilder();
        text.AppendLine($"# {Experiment.Title}").AppendLine();
        text.AppendLine(Experiment.About).AppendLine();
        text.AppendLine($"{Conditions()} Made with `{Command}`.").AppendLine();
        foreach (var table in Tables) text.AppendLine(table.ToMarkdown());
        if (Orderings.Count > 0)
        {
            text.AppendLine("## Expectations").AppendLine();
            foreach (var ordering in Orderings) text.AppendLine($"* {(ordering.Held ? "held" : "**not held**")}: {ordering.Claim} ({ordering.Numbers})");
            text.AppendLine();
        }

        if (Experiment.Remarks(Scale) is { Length: > 0 } remarks) text.AppendLine("## Remarks").AppendLine().AppendLine(remarks).AppendLine();
        text.AppendLine("## Curves").AppendLine();
        text.AppendLine($"A line is the mean over seeds, a band reaches from the least to the most. The numbers are in [{(HasBeliefs ? "rounds.csv](rounds.csv)" : "curves.csv](curves.csv)")}.").AppendLine();
        foreach (var setting in Findings.Settings) text.AppendLine($"![{setting}]({PictureOf(setting)})").AppendLine();
        return text.ToString().TrimEnd() + "\n";
    }

    private string Conditions()
    {
        var first = Findings.Outcomes[0];
        var (setup, spec) = (first.Trial.Setup, first.Trial.Setup.Spec);
        var seeds = string.Join(", ", first.Runs.Select(static run => run.Seed));
        return FormattableString.Invariant($"{setup.Model} on {setup.Dataset}, {spec.Workers} workers, batch {spec.BatchSize}, learning rate {spec.LearningRate.Initial}, until {spec.Horizon}; scale {Scale.Name}, seeds {seeds}.");
    }

    private static string PictureOf(string setting)
    {
        var name = new StringBuilder();
        foreach (var c in setting.ToLowerInvariant())
        {
            if (char.IsLetterOrDigit(c) || c == '.') name.Append(c == 'α' ? "alpha" : c);
            else if (c == '∞') name.Append("infinite");
            else if (name.Length > 0 && name[^1] != '-') name.Append('-');
        }

        return name.ToString().TrimEnd('-') + ".png";
    }
}
