using Basgd.Aggregation;
using Basgd.Client.Clusters;
using Basgd.Client.Tests.Fakes;
using Basgd.Client.Verbs;
using Basgd.Client.Watching;
using Basgd.Contracts;
using Spectre.Console.Testing;

namespace Basgd.Client.Tests.Watching;

/// <summary>What is printed stands well on a terminal of 80 columns and in a file.</summary>
public sealed class LayoutTests
{
    private static readonly ClusterTarget Target = new(null, "/home/somebody/experiments/byzantine/state", null);
    private readonly TestConsole console = new TestConsole().Width(80);

    private string[] Lines => console.Output.TrimEnd('\n').Split('\n');

    private static JobStatus Completed => Statuses.Of(new JobSpec { Name = "fashion-mnist", Steps = 2000 }, JobPhase.Completed, 2000) with
    {
        Message = string.Join(' ', Enumerable.Repeat("nothing but words", 12)),
        Checkpoint = "/home/somebody/experiments/byzantine/state/grains/model/model%2Ffashion-mnist-with-a-long-name",
    };

    [Theory]
    [InlineData(80)]
    [InlineData(40)]
    [InlineData(400)]
    public void Catalogs_break_no_word_and_pad_no_line(int width)
    {
        console.Profile.Width = width;
        (string Name, string Text)[] rows = [.. Attacks.All.Select(static a => (Parameters.Form(a.Name, a.Parameters), a.Summary))];
        Listing.Write(console, rows);
        Words(console.Output).ShouldBe(Words(string.Join('\n', rows.Select(static row => $"{row.Name} {row.Text}"))));
        Lines.ShouldAllBe(static line => line == line.TrimEnd());
        if (width >= 80) Lines.ShouldAllBe(line => line.Length <= width);
        if (width == 400) Lines.Length.ShouldBe(rows.Length);
    }

    [Fact]
    public void A_name_too_long_for_its_column_has_a_line_of_its_own()
    {
        Listing.Write(console, [("mean", "the arithmetic mean"), (new string('n', 60), "what it does"), ("empty", "")]);
        Lines.ShouldBe(["mean   the arithmetic mean", new string('n', 60), "       what it does", "empty"]);
    }

    [Fact]
    public void The_summary_pads_no_line_and_breaks_no_path_or_command()
    {
        Summary.Write(console, Completed, Target);
        Lines.ShouldAllBe(static line => line == line.TrimEnd());
        Lines.ShouldContain(static line => line.EndsWith(Completed.Checkpoint!, StringComparison.Ordinal));
        Lines.ShouldContain("Export:   basgd export fashion-mnist --state /home/somebody/experiments/byzantine/state --to fashion-mnist.safetensors");
        Words(console.Output).Count(static word => word == "words").ShouldBe(12);
    }

    [Fact]
    public void The_view_pads_no_line()
    {
        console.Write(ProgressView.Of(Completed));
        Lines.ShouldAllBe(static line => line == line.TrimEnd());
    }

    [Fact]
    public void A_table_that_is_too_wide_loses_nothing()
    {
        string[] heading = ["gateway", "role", "devices", "since"];
        string[] row = ["[fe80::1234:5678:9abc:def0]:30000", "server", "cpu,cuda:0,cuda:1,cuda:2,cuda:3,cuda:4", "2026-12-01 07:06:59Z"];
        console.WriteTable([heading, row]);
        Lines.Select(static line => line.Split("  ", StringSplitOptions.RemoveEmptyEntries).Select(static cell => cell.Trim())).ShouldBe([heading, row]);
        Lines.ShouldAllBe(static line => line == line.TrimEnd());
    }

    private static string[] Words(string text) => text.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
}
