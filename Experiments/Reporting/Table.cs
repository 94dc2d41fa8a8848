using System.Text;

namespace Basgd.Experiments.Reporting;

/// <summary>A table for people and for programs.</summary>
/// <param name="Name">Its file's name, without extension.</param>
/// <param name="Caption">One line above it.</param>
/// <param name="Rows">As many cells each as there are columns.</param>
internal sealed record Table(string Name, string Caption, IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>> Rows)
{
    /// <summary>The final metric of every method (rows) in every setting (columns), mean ± deviation over seeds.</summary>
    public static Table OfFinal(Findings findings)
    {
        string[] settings = [.. findings.Settings];
        return new Table(
            "final",
            $"{Capital(findings.Metric.Name)} at the end, mean ± standard deviation over seeds.{Legend(findings)}",
            ["method", .. settings],
            [.. findings.Methods.Select(method => (IReadOnlyList<string>)[method, .. settings.Select(setting => Cell(findings, setting, method))])]);
    }

    /// <summary>As GitHub renders it; the first column is text, the others are numbers.</summary>
    public string ToMarkdown()
    {
        var text = new StringBuilder();
        text.AppendLine($"{Caption}").AppendLine();
        text.AppendLine($"| {string.Join(" | ", Columns.Select(Escape))} |");
        text.AppendLine($"|{string.Concat(Columns.Select(static (_, i) => i == 0 ? "---|" : "---:|"))}");
        foreach (var row in Rows) text.AppendLine($"| {string.Join(" | ", row.Select(Escape))} |");
        return text.ToString();
    }

    /// <summary>RFC 4180.</summary>
    public string ToCsv() => Csv.Lines([Columns, .. Rows]);

    private static string Cell(Findings findings, string setting, string method) => findings.Find(setting, method) is { } outcome
        ? $"{Spread.Of(outcome.Final(findings.Metric))}{(outcome.AnyDiverged ? " †" : "")}{(outcome.AnyStarved ? " ‡" : "")}"
        : "";

    private static string Legend(Findings findings) =>
        (findings.Outcomes.Any(static outcome => outcome.AnyDiverged) ? " † diverged; the last finite model counts." : "") +
        (findings.Outcomes.Any(static outcome => outcome.AnyStarved) ? " ‡ starved: a buffer stayed empty, no further step." : "");

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    private static string Escape(string cell) => cell.Replace("|", "\\|", StringComparison.Ordinal);
}
