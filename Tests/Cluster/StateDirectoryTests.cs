using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Basgd.Cluster.Tests.Processes;

namespace Basgd.Cluster.Tests;

/// <summary>The silo that <c>basgd</c> starts belongs to the state directory, not to one command.</summary>
[Trait("category", "slow")]
public sealed class StateDirectoryTests(ITestOutputHelper output)
{
    /// <summary>Number of schedules to play.</summary>
    private const string Variable = "BASGD_SCHEDULES";

    private const int Failed = 1;
    private const int Paused = 3;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    /// <summary>Within which a silo that is gone is noticed, with time for a busy machine.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task Four_commands_that_train_at_once_share_one_silo()
    {
        using var state = new StateFolder();
        var commands = Enumerable.Range(0, 4).Select(i => Train(state, $"job{i}", 30)).ToArray();
        foreach (var command in commands) (await command.Ended(Limit)).ShouldBe(0, command.Printed);
        commands.Count(static command => command.Printed.Contains("starting a silo", StringComparison.Ordinal)).ShouldBe(1);
        foreach (var command in commands) await command.DisposeAsync();
        await NothingLives(state);
    }

    /// <summary>As on a full disk: the log is one more thing that a silo can do without.</summary>
    [Fact]
    public async Task A_log_that_cannot_be_written_keeps_nobody_from_training()
    {
        using var state = new StateFolder();
        Directory.CreateDirectory(Path.Combine(state.Path, "silo.log"));
        await using var train = Train(state, "job", 5);
        (await train.Ended(Limit)).ShouldBe(0, train.Printed);
        await NothingLives(state);
    }

    [Fact]
    public async Task A_silo_started_to_evaluate_trains_for_a_command_that_comes_while_it_ends()
    {
        using var state = new StateFolder();
        await using (var first = Train(state, "first", 5)) (await first.Ended(Limit)).ShouldBe(0, first.Printed);
        await using var evaluate = Start("evaluate", "first", state);
        await Until(() => File.Exists(Path.Combine(state.Path, "silo.json")));
        await Task.WhenAny(evaluate.Ended(Limit), Task.Delay(TimeSpan.FromSeconds(1.4)));
        await using var train = Train(state, "second", 5);
        (await evaluate.Ended(Limit)).ShouldBe(0, evaluate.Printed);
        (await train.Ended(Limit)).ShouldBe(0, train.Printed);
    }

    [Fact]
    public async Task A_command_goes_on_when_the_one_that_started_the_silo_is_killed()
    {
        using var state = new StateFolder();
        await using var first = Train(state, "first", 1_000_000);
        await Until(() => Pid(state) is not null);
        var silo = Pid(state);
        await using var second = Train(state, "second", 300);
        await second.Says("running");
        await first.Kill();
        (await second.Ended(Limit)).ShouldBe(0, second.Printed);
        second.Printed.ShouldNotContain("ended");
        await Until(() => !IsAlive(silo!.Value));
    }

    [Fact]
    public async Task Killing_the_silo_is_told_by_all_and_train_goes_on_with_another()
    {
        using var state = new StateFolder();
        await using var train = Train(state, "job", 2_000);
        await train.Says("running");
        await using var watch = Start("watch", "job", state);
        await watch.Says("running");
        Kill(Pid(state)!.Value);
        await train.Says("Starting another");
        await Until(() => train.StandardOutput.Split("Starting another")[^1].Contains("running", StringComparison.Ordinal));
        await watch.Says($"the silo on {state.Path} ended (it gave no reason; log: {state.Path}/silo.log).");
        train.AskToEnd();
        (await train.Ended(Limit)).ShouldBe(Paused, train.Printed);
        (await watch.Ended(Limit)).ShouldBe(Paused, watch.Printed);
        await NothingLives(state);
    }

    [Fact]
    public async Task A_submitted_job_is_trained_in_the_background_and_leaves_no_process()
    {
        using var state = new StateFolder();
        await using (var submit = Program.Start(Built.Client, ["submit", .. Spec("job", 300), "--state", state.Path])) (await submit.Ended(Limit)).ShouldBe(0, submit.Printed);
        await using var watch = Start("watch", "job", state);
        (await watch.Ended(Limit)).ShouldBe(0, watch.Printed);
        await NothingLives(state);
        await using var status = Start("status", "job", state);
        (await status.Ended(Limit)).ShouldBe(0, status.Printed);
        status.StandardOutput.ShouldSay("completed");
        await NothingLives(state);
    }

    [Fact]
    public async Task Watching_a_silo_that_is_killed_ends_with_what_to_do_and_so_does_status()
    {
        using var state = new StateFolder();
        await using (var submit = Program.Start(Built.Client, ["submit", .. Spec("job", 1_000_000), "--state", state.Path])) (await submit.Ended(Limit)).ShouldBe(0, submit.Printed);
        await using var watch = Start("watch", "job", state);
        await watch.Says("running");
        Kill(Pid(state)!.Value);
        (await watch.Ended(Soon)).ShouldBe(Failed, watch.Printed);
        watch.StandardError.ShouldSay("resume job");
        await using var status = Start("status", "job", state);
        (await status.Ended(Limit)).ShouldBe(0, status.Printed);
        status.StandardOutput.ShouldSay("no silo runs");
    }

    [Fact]
    public async Task Random_commands_and_kills_end_explained_and_leave_no_process()
    {
        var schedules = int.TryParse(Environment.GetEnvironmentVariable(Variable), CultureInfo.InvariantCulture, out var number) ? number : 3;
        var first = Environment.TickCount;
        for (var seed = first; seed < first + schedules; seed++)
        {
            output.WriteLine($"seed {seed}");
            await Play(new Random(seed));
        }
    }

    private async Task Play(Random random)
    {
        using var state = new StateFolder();
        List<(Program Command, string Verb)> commands = [];
        var killed = new HashSet<Program>();
        var count = random.Next(1, 9);
        for (var i = 0; i < count; i++)
        {
            var job = $"job{random.Next(3)}";
            var verb = new[] { "train", "train", "submit", "evaluate", "watch", "status", "silos", "pause", "resume", "stop" }[random.Next(10)];
            string[] arguments = verb is "train" or "submit" ? [verb, .. Spec(job, 200)] : verb is "silos" ? [verb] : [verb, job];
            commands.Add((Program.Start(Built.Client, [.. arguments, "--state", state.Path]), verb));
            output.WriteLine(string.Join(' ', arguments));
            await Task.Delay(random.Next(1500));
            if (random.Next(3) != 0) continue;
            if (random.Next(2) == 0 && Pid(state) is { } silo)
            {
                output.WriteLine("kill the silo");
                Kill(silo);
            }
            else if (commands[random.Next(commands.Count)].Command is { HasExited: false } command)
            {
                output.WriteLine("kill a command");
                killed.Add(command);
                await command.Kill();
            }
        }

        foreach (var (command, verb) in commands)
        {
            var code = await command.Ended(Limit);
            output.WriteLine($"{verb}: {code}\n{command.Printed}");
            if (killed.Contains(command)) continue;
            code.ShouldBeOneOf(0, Failed, 2, Paused);
            if (code is Failed or 2 && command.StandardError.Length == 0) command.StandardOutput.ShouldNotBeEmpty($"{verb} does not explain itself");
            command.Printed.ShouldNotContain("Unhandled exception");
            command.Printed.ShouldNotContain("   at ");
        }

        foreach (var (command, _) in commands) await command.DisposeAsync();
        await NothingLives(state);
    }

    private static string[] Spec(string name, int steps) => ["--name", name, "--dataset", "synthetic", "--model", "softmax", "--lr", "0.05", "--steps", $"{steps}"];

    private static Program Train(StateFolder state, string name, int steps) => Program.Start(Built.Client, ["train", .. Spec(name, steps), "--state", state.Path]);

    private static Program Start(string verb, string job, StateFolder state) => Program.Start(Built.Client, [verb, job, "--state", state.Path]);

    /// <summary>The process of the silo that takes clients.</summary>
    private static int? Pid(StateFolder state)
    {
        try
        {
            return JsonDocument.Parse(File.ReadAllText(Path.Combine(state.Path, "silo.json"))).RootElement.GetProperty("pid").GetInt32() is var pid && IsAlive(pid) ? pid : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static void Kill(int silo)
    {
        try
        {
            using var process = Process.GetProcessById(silo);
            process.Kill();
        }
        catch (ArgumentException)
        {
            // It has just ended.
        }
    }

    /// <summary>No silo has the directory as its argument any more.</summary>
    private static Task NothingLives(StateFolder state) => Until(() => !Directory.EnumerateDirectories("/proc").Any(process => CommandLine(process).Contains(state.Path, StringComparison.Ordinal)));

    private static string CommandLine(string process)
    {
        try
        {
            return char.IsAsciiDigit(Path.GetFileName(process)[0]) ? File.ReadAllText($"{process}/cmdline") : "";
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private static bool IsAlive(int process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/stat").Split(") ")[^1][0] != 'Z';
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static async Task Until(Func<bool> isSo)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (!isSo()) await Task.Delay(50, limit.Token);
    }
}
