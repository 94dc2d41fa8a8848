using System.Text.RegularExpressions;

namespace Basgd.Infra.Tests;

/// <summary>The scripts of Infra: those that others run for us say what they lack, and what they print is worth sending back.</summary>
public sealed partial class ScriptTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("basgd-").FullName;

    public static TheoryData<string> Every => [.. Scripts("Infra")];

    public static TheoryData<string> Trying =>
        [.. Scripts("Infra/try").Select(static path => Path.GetFileName(path)).Where(static name => name != "report.sh")];

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [MemberData(nameof(Every))]
    public async Task Shellcheck_finds_nothing(string script) =>
        await Tool.Run("shellcheck", "-x", "-P", Repository.Root, "-S", "warning", Repository.PathOf(script));

    [Fact]
    public void What_cannot_be_tried_here_has_a_script_and_the_documents_name_it()
    {
        Trying.Select(static row => row.Data).ShouldBe(["azure.sh", "compose.sh", "cuda.sh", "images.sh", "kubernetes.sh"]);
        var table = Repository.Read("docs/deploy.md");
        foreach (var script in Trying.Select(static row => row.Data)) table.ShouldContain($"`Infra/try/{script}");
    }

    [Theory]
    [MemberData(nameof(Trying))]
    public async Task It_begins_by_saying_which_tools_are_missing(string script)
    {
        var needed = Needed(script).ToList();
        needed.ShouldNotBeEmpty();
        var failure = await Should.ThrowAsync<ToolException>(() => Run(script, path: "/nonexistent"));
        foreach (var tool in needed) failure.Message.ShouldContain($"missing: {tool} (");
    }

    [Theory]
    [MemberData(nameof(Trying))]
    public async Task It_ends_with_a_report_to_send_back_that_has_what_failed(string script)
    {
        // Its tools do nothing, and all of them fail.
        foreach (var tool in Needed(script)) Stand(tool, "echo \"$0 $*\"; exit 7");
        var failure = await Should.ThrowAsync<ToolException>(() => Run(script, path: $"{folder}:/usr/bin:/bin", "group", "region"));
        var report = Path.Combine(folder, "work", $"basgd-try-{Path.GetFileNameWithoutExtension(script)}.txt");
        failure.Message.ShouldContain("FAILED (7)");
        failure.Message.ShouldContain($"steps failed. Please send back: {report}");
        (await File.ReadAllTextAsync(report)).ShouldContain("-- exit 7 after");
    }

    [Fact]
    public async Task If_every_step_works_it_says_so()
    {
        const string Script = "images.sh";
        foreach (var tool in Needed(Script)) Stand(tool, "exit 0");
        (await Run(Script, path: $"{folder}:/usr/bin:/bin")).Output.ShouldContain("\n0 steps failed. Please send back: ");
    }

    private static IEnumerable<string> Scripts(string folder) =>
        Directory.GetFiles(Repository.PathOf(folder), "*.sh", SearchOption.AllDirectories)
            .Select(static path => Path.GetRelativePath(Repository.Root, path)).Order();

    /// <summary>What the script asks for: the first word of each pair.</summary>
    private static IEnumerable<string> Needed(string script) =>
        Argument().Matches(NeedLine().Match(Repository.Read($"Infra/try/{script}")).Groups[1].Value)
            .Where(static (_, index) => index % 2 == 0).Select(static match => match.Value);

    /// <summary>In a copy of what it reads, so that no report is left in the repository.</summary>
    private async Task<(string Output, string Error)> Run(string script, string path, params string[] arguments)
    {
        var copy = Path.Combine(folder, "work", "Infra", "try");
        Directory.CreateDirectory(copy);
        foreach (var file in new[] { script, "report.sh" }) File.Copy(Repository.PathOf($"Infra/try/{file}"), Path.Combine(copy, file), overwrite: true);
        File.Copy(Repository.PathOf("Directory.Build.props"), Path.Combine(folder, "work", "Directory.Build.props"), overwrite: true);
        return await Tool.Run("env", ["-i", $"PATH={path}", "/bin/bash", Path.Combine(copy, script), .. arguments]);
    }

    private void Stand(string tool, string body)
    {
        var path = Path.Combine(folder, tool);
        File.WriteAllText(path, $"#!/bin/bash\n{body}\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    [GeneratedRegex(@"^need (.*)$", RegexOptions.Multiline)]
    private static partial Regex NeedLine();

    [GeneratedRegex("\"[^\"]*\"|\\S+")]
    private static partial Regex Argument();
}
