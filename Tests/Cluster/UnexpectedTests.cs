using Basgd.Cluster.Tests.Processes;

namespace Basgd.Cluster.Tests;

/// <summary>What goes wrong in the real programs ends them with one line and an exit code that means it, never with a stack.</summary>
[Trait("category", "slow")]
public sealed class UnexpectedTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    [Theory]
    [InlineData("--address 10.1.2.3", "Basgd:Silo:Address = 10.1.2.3: must be there (")]
    [InlineData("--devices cuda:77", "Basgd:Worker:Devices = cuda:77: must be auto, or of")]
    [InlineData("--data /no/such/folder", "Basgd:Silo:Data = /no/such/folder: must be there (")]
    [InlineData("--foo 1", "--foo: unknown option; the nearest known one is --role")]
    public async Task A_silo_that_cannot_start_says_so_as_its_check_does(string arguments, string said)
    {
        using var state = new StateFolder();
        foreach (var check in (string[][])[[], ["--check"]])
        {
            await using var silo = Program.Start(Built.Silo, ["--state", state.Path, .. arguments.Split(' '), .. check]);
            (await silo.Ended(Limit)).ShouldBeInRange(1, 2, silo.Printed);
            silo.Printed.ShouldSay(said.Split(": must be")[0]);
            silo.Printed.ShouldNotContain("   at ");
            if (check is []) silo.StandardError.Split('\n').ShouldHaveSingleItem().ShouldSay(said);
        }
    }

    [Fact]
    public async Task A_mistyped_token_in_the_environment_starts_no_silo()
    {
        using var state = new StateFolder();
        var options = new Dictionary<string, string> { ["Basgd__Access__ActTokn"] = "sesame-of-many-letters" };
        foreach (var check in (string[][])[[], ["--check"]])
        {
            await using var silo = Program.Start(Built.Silo, ["--state", state.Path, .. check], environment: options);
            (await silo.Ended(Limit)).ShouldBe(2, silo.Printed);
            silo.Printed.ShouldSay("Basgd:Access:ActTokn: unknown option; the nearest known one is Basgd:Access:ActToken");
            silo.Printed.ShouldNotContain("sesame");
        }

        Directory.EnumerateFileSystemEntries(state.Path).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("--help", "  --slots, --Basgd:Worker:Slots")]
    [InlineData("--version", "1.")]
    public async Task A_silo_explains_itself_and_starts_nothing(string argument, string said)
    {
        using var state = new StateFolder();
        await using var silo = Program.Start(Built.Silo, ["--state", state.Path, argument]);
        (await silo.Ended(Limit)).ShouldBe(0, silo.Printed);
        silo.StandardOutput.ShouldSay(said);
        Directory.EnumerateFileSystemEntries(state.Path).ShouldBeEmpty();
    }

    /// <summary>As a shell runs it: <c>$0</c> is the client.</summary>
    [Theory]
    [InlineData("rules --json >/dev/full", 1)]
    [InlineData("rules >/dev/full", 1)]
    [InlineData("rules --json >&-", 1)]
    [InlineData("status --state '' 2>&-", 2)]
    [InlineData("status --state '' 2>/dev/full", 2)]
    [InlineData("rules 2>&-", 0)]
    [InlineData("status --state ''", 2)]
    [InlineData("aggregate <&-", 2)]
    public async Task Streams_that_are_closed_or_full_end_the_client_with_its_code(string line, int code)
    {
        await using var shell = Program.Start(["sh", "-c", $"dotnet \"$0\" {line}", Built.Client]);
        (await shell.Ended(Limit)).ShouldBe(code, shell.Printed);
        shell.StandardError.Split('\n').Length.ShouldBeLessThanOrEqualTo(2, shell.StandardError);
        shell.Printed.ShouldNotContain("   at ");
    }

    [Theory]
    [InlineData("status")]
    [InlineData("silos")]
    [InlineData("watch job")]
    [InlineData("pause job")]
    [InlineData("resume job")]
    [InlineData("evaluate job")]
    [InlineData("export job --to weights.npz")]
    public async Task A_state_directory_that_is_missing_is_named_and_not_made(string line)
    {
        using var state = new StateFolder();
        var missing = Path.Combine(state.Path, "missing");
        await using var basgd = Program.Start(Built.Client, [.. line.Split(' '), "--state", missing]);
        (await basgd.Ended(Limit)).ShouldBe(2, basgd.Printed);
        basgd.StandardError.ShouldSay($"state = {missing}: no such directory");
        Directory.EnumerateFileSystemEntries(state.Path).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_reader_that_leaves_early_is_no_error()
    {
        await using var shell = Program.Start(["bash", "-c", "set -o pipefail; dotnet \"$0\" schema | head -n 1", Built.Client]);
        (await shell.Ended(Limit)).ShouldBe(0, shell.Printed);
        shell.StandardError.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_mistyped_variable_is_refused()
    {
        await using var basgd = Program.Start(Built.Client, ["rules", "--json"], environment: new Dictionary<string, string> { ["BASGD_TOKN"] = "sesame" });
        (await basgd.Ended(Limit)).ShouldBe(2, basgd.Printed);
        basgd.StandardError.ShouldBe("BASGD_TOKN: unknown environment variable; the nearest known one is BASGD_TOKEN");
        basgd.StandardOutput.ShouldSay("unknown environment variable");
    }
}
