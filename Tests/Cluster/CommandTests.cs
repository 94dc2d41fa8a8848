using System.Text.Json;
using Basgd.Cluster.Tests.Processes;

namespace Basgd.Cluster.Tests;

/// <summary>The real <c>basgd</c> command, which starts silos of its own.</summary>
[Trait("category", "slow")]
public sealed class CommandTests
{
    private const string Name = "commanded";
    private const int Steps = 1_000;
    private const int Paused = 3;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
    private static readonly string[] Train = ["train", "--name", Name, "--dataset", "synthetic", "--lr", "0.05", "--steps", $"{Steps}", "--json"];

    [Fact]
    public async Task Training_asked_to_end_is_resumed_to_its_end_and_exported()
    {
        using var state = new StateFolder();
        var stopped = await TrainUntilAskedToEnd(state.Path);
        stopped.GetProperty("phase").GetString().ShouldBe("paused");
        var step = StepOf(stopped);
        step.ShouldBeInRange(20, Steps - 1);

        var resumed = await Answer("resume", Name, "--state", state.Path, "--json");
        resumed.GetProperty("phase").GetString().ShouldBe("completed");
        StepOf(resumed).ShouldBe(Steps);
        resumed.GetProperty("lastEvaluation").GetProperty("accuracy").GetDouble().ShouldBeGreaterThan(0.5);

        foreach (var extension in (string[])["safetensors", "npz"])
        {
            var file = Path.Combine(state.Path, $"weights.{extension}");
            await Answer("export", Name, "--to", file, "--state", state.Path, "--json");
            new FileInfo(file).Length.ShouldBeGreaterThan(sizeof(float) * resumed.GetProperty("dimension").GetInt64());
        }
    }

    [Theory]
    [InlineData("buffers", "train", "--buffers", "2", "--byzantine", "1")]
    [InlineData("rule", "train", "--rule", "guess")]
    [InlineData("workers", "train", "--workers", "3", "--buffers", "5")]
    public async Task A_wrong_spec_is_refused_by_name_before_anything_starts(string field, params string[] arguments)
    {
        using var state = new StateFolder();
        await using var basgd = Program.Start(Built.Client, [.. arguments, "--state", state.Path]);
        (await basgd.Ended(Limit)).ShouldBe(2, basgd.Printed);
        basgd.StandardError.ShouldSay(field);
        Directory.EnumerateFileSystemEntries(state.Path).ShouldBeEmpty();
    }

    private static async Task<JsonElement> TrainUntilAskedToEnd(string state)
    {
        await using var basgd = Program.Start(Built.Client, [.. Train, "--state", state]);
        var gateway = await Announced(state, basgd);
        await using (var client = await ClusterClient.Connect(gateway)) await client.Until(Name, static status => status.Version.Step >= 20, Limit);

        // Handled as Ctrl-C is, whose own signal a shell may have told its background jobs to ignore.
        basgd.AskToEnd();
        (await basgd.Ended(Limit)).ShouldBe(Paused, basgd.Printed);
        return JsonDocument.Parse(basgd.StandardOutput).RootElement;
    }

    /// <summary>The gateway of the silo that the command starts.</summary>
    private static async Task<int> Announced(string state, Program starter)
    {
        var file = Path.Combine(state, "silo.json");
        using var limit = new CancellationTokenSource(Limit);
        while (!File.Exists(file))
        {
            starter.HasExited.ShouldBeFalse(starter.Printed);
            await Task.Delay(TimeSpan.FromMilliseconds(50), limit.Token);
        }

        return JsonDocument.Parse(await File.ReadAllTextAsync(file)).RootElement.GetProperty("gateway").GetInt32();
    }

    private static async Task<JsonElement> Answer(params string[] arguments)
    {
        await using var basgd = Program.Start(Built.Client, arguments);
        (await basgd.Ended(Limit)).ShouldBe(0, basgd.Printed);
        return JsonDocument.Parse(basgd.StandardOutput).RootElement;
    }

    private static long StepOf(JsonElement status) => status.GetProperty("version").GetProperty("step").GetInt64();
}
