using System.Globalization;
using Basgd.Cluster.Tests.Processes;

namespace Basgd.Cluster.Tests;

/// <summary>Tests that are killed leave nothing running behind.</summary>
[Trait("category", "slow")]
public sealed class OrphanTests
{
    private const string Note = "BASGD_ORPHAN";
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task A_silo_dies_with_the_tests_that_started_it_even_one_that_hangs()
    {
        using var folder = new StateFolder();
        var note = Path.Combine(folder.Path, "silo");
        await using var tests = Program.Start(
            typeof(OrphanTests).Assembly.Location,
            ["-method", $"*.{nameof(OrphanTests)}.{nameof(Leave_a_silo_that_hangs)}", "-explicit", "only", "-noLogo"],
            environment: new Dictionary<string, string> { [Note] = note });
        await Until(() => File.Exists(note) || tests.HasExited);
        tests.HasExited.ShouldBeFalse(tests.Printed);
        var silo = int.Parse(await File.ReadAllTextAsync(note), CultureInfo.InvariantCulture);
        IsAlive(silo).ShouldBeTrue();

        await tests.Kill();

        await Until(() => !IsAlive(silo));
    }

    /// <summary>For the other one, which kills it.</summary>
    [Fact(Explicit = true)]
    public async Task Leave_a_silo_that_hangs()
    {
        var note = Environment.GetEnvironmentVariable(Note)!;
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var silo = Program.Start(Built.Silo, ["--state", Path.GetDirectoryName(note)!], line => _ = line.StartsWith("ready ", StringComparison.Ordinal) && ready.TrySetResult());
        await ready.Task.WaitAsync(Limit);
        silo.Hang();
        await File.WriteAllTextAsync(note + ".tmp", string.Create(CultureInfo.InvariantCulture, $"{silo.Id}"));
        File.Move(note + ".tmp", note);
        await Task.Delay(Limit);
    }

    private static async Task Until(Func<bool> isSo)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (!isSo()) await Task.Delay(50, limit.Token);
    }

    /// <summary>A process that nobody has asked for its exit code is dead, too.</summary>
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
}
