using System.Diagnostics;
using Basgd.Client.Clusters;
using Basgd.Client.Tests.Fakes;
using Basgd.Client.Watching;
using Basgd.Contracts;
using Spectre.Console.Testing;

namespace Basgd.Client.Tests.Watching;

/// <summary>What is printed can be copied into a shell.</summary>
public sealed class FollowUpTests
{
    [Theory]
    [InlineData(null, "basgd")]
    [InlineData("", "basgd")]
    [InlineData("./run.sh", "./run.sh")]
    [InlineData("/opt/my tools/run.sh", "'/opt/my tools/run.sh'")]
    public void The_program_is_called_as_the_user_called_it(string? script, string program) => FollowUp.ProgramOf(script).ShouldBe(program);

    [Theory]
    [InlineData("state")]
    [InlineData("/data/a b")]
    [InlineData("it's")]
    [InlineData("$HOME/`x`;\"!*")]
    [InlineData("")]
    [InlineData("élan\tvital")]
    public async Task A_shell_reads_the_words_back_as_they_were(string word)
    {
        using var shell = Process.Start(new ProcessStartInfo("sh", ["-c", $"printf %s {FollowUp.Quote(word)}"]) { RedirectStandardOutput = true })!;
        (await shell.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken)).ShouldBe(word);
    }

    [Fact]
    public void The_next_commands_name_a_directory_with_a_blank_as_one_word()
    {
        using var console = new TestConsole().Width(200);

        Summary.Write(console, Statuses.Of(new JobSpec(), JobPhase.Paused, 7), new ClusterTarget(null, "my state", null));

        console.Output.ShouldContain("basgd resume lenet5-fashion-mnist --state 'my state'");
        console.Output.ShouldContain("basgd evaluate lenet5-fashion-mnist --state 'my state'");
        console.Output.ShouldContain("basgd export lenet5-fashion-mnist --state 'my state' --to lenet5-fashion-mnist.safetensors");
    }
}
