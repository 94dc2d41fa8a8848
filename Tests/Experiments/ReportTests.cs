using Basgd.Experiments.Catalogue;
using Basgd.Experiments.Reporting;

namespace Basgd.Experiments.Tests;

public sealed class ReportTests
{
    [Fact]
    public void A_table_is_markdown_and_csv()
    {
        var table = new Table("t", "A table.", ["method", "x"], [["nnm|median", "1, or \"2\""]]);
        table.ToMarkdown().ShouldContain("| nnm\\|median | 1, or \"2\" |");
        table.ToCsv().ShouldBe("method,x\nnnm|median,\"1, or \"\"2\"\"\"\n");
    }

    [Fact]
    public void A_band_reaches_from_the_least_to_the_most_between_evaluations_too()
    {
        var band = Band.Of([Given.Run(1, (0, 0), (10, 0.5), (20, 1)), Given.Run(2, (0, 0), (20, 0.5))], Metric.Accuracy, static at => at.Seconds);
        band.X.ShouldBe([0, 10, 20]);
        band.Least.ShouldBe([0, 25, 50]);
        band.Most.ShouldBe([0, 50, 100]);
        band.Mean.ShouldBe([0, 37.5, 75]);
    }

    [Fact]
    public void A_run_that_ended_early_keeps_its_last_value()
    {
        var band = Band.Of([Given.Run(1, (0, 0.1), (10, 0.2)), Given.Run(2, (0, 0.1), (40, 0.8))], Metric.Accuracy, static at => at.Seconds);
        band.Least[^1].ShouldBe(20, 1e-9);
    }

    [Fact]
    public void A_band_is_drawn_on_at_its_last_values()
    {
        var band = Band.Of([Given.Run(1, (0, 0.1), (10, 0.2))], Metric.Accuracy, static at => at.Seconds).Until(40);
        band.X.ShouldBe([0, 10, 40]);
        band.Most[^1].ShouldBe(20, 1e-9);
        band.Until(30).X[^1].ShouldBe(40);
    }

    [Fact]
    public void A_report_has_every_curve_table_and_picture_it_names()
    {
        using var folder = new TemporaryFolder();
        var experiment = new Skew();
        var findings = new Findings(experiment.Metric, [.. experiment.Trials(Scale.Ci).Select(static trial => Given.Outcome(trial, 0.6))]);
        var report = new Report(experiment, Scale.Ci, findings, "basgd experiment skew");
        var pictures = report.Write(folder.Path);

        pictures.Count.ShouldBe(findings.Settings.Count());
        pictures.ShouldBeUnique();
        byte[] png = [0x89, (byte)'P', (byte)'N', (byte)'G'];
        var text = File.ReadAllText(folder.File(Report.FileName));
        foreach (var picture in pictures)
        {
            File.ReadAllBytes(picture).Take(4).ShouldBe(png);
            text.ShouldContain($"]({Path.GetFileName(picture)})");
        }

        // A header, and two evaluations of three runs of each trial.
        File.ReadAllLines(folder.File("curves.csv")).Length.ShouldBe(1 + (findings.Outcomes.Count * 3 * 2));
        File.Exists(folder.File("final.csv")).ShouldBeTrue();
        text.ShouldContain("not held");
    }
}
