using System.Diagnostics;
using System.Text.Json;
using Basgd.Experiments.Commands;
using Basgd.Simulator;

namespace Basgd.Experiments.Tests;

public sealed class CommandTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Experiments_are_listed()
    {
        var (code, output, _) = await Run("experiment");
        code.ShouldBe(0);
        output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => line.Split(' ')[0]).ShouldBe(Catalogue.Experiments.All.Select(static e => e.Name));
    }

    [Theory]
    [InlineData("experiment dance", "experiment = dance: must be all or one of survival, ")]
    [InlineData("experiment survival --seeds 0", "seeds = 0: must be a whole number >= 1")]
    [InlineData("experiment survival --parallel x", "parallel = x: must be a whole number >= 1")]
    [InlineData("simulate --workers x", "workers = x: must be a whole number")]
    [InlineData("simulate --lr x", "lr = x: must be a number")]
    [InlineData("simulate --decay-at-epochs 1 x", "decay-at-epochs = x: must be a number")]
    [InlineData("simulate --weigh-workers-equally maybe", "maybe: unknown")]
    [InlineData("simulate --json=maybe", "maybe: unknown")]
    [InlineData("simulate /tmp", "spec = /tmp: must be a file; this is a directory")]
    [InlineData("experiment survival --scale huge", "huge")]
    [InlineData("simulate --server mystery", "server = mystery: must be one of basgd|asgd")]
    [InlineData("simulate --delays normal(shape=1)", "delays = normal(shape=1): must be one of ")]
    [InlineData("simulate --until soon", "until = soon: must be a number > 0")]
    [InlineData("simulate --buffers 9", "buffers = 9")]
    [InlineData("simulate --colour red", "--colour")]
    [InlineData("dance", "dance")]
    public async Task Wrong_use_is_refused(string line, string message)
    {
        var (code, output, error) = await Run(line.Split(' '));
        code.ShouldBe(Cli.WrongUse);
        error.ShouldContain(message);
        output.ShouldBeEmpty();
    }

    [Fact]
    public async Task Wrong_use_is_refused_in_JSON_too()
    {
        var (code, output, _) = await Run("experiment", "dance", "--json");
        code.ShouldBe(Cli.WrongUse);
        JsonDocument.Parse(output).RootElement.GetProperty("error").GetString()!.ShouldStartWith("experiment = dance: must be");
    }

    [Fact]
    public async Task Experiments_are_listed_as_JSON()
    {
        var (code, output, _) = await Run("experiment", "--json");
        code.ShouldBe(0);
        JsonDocument.Parse(output).RootElement.EnumerateArray().Select(static e => e.GetProperty("name").GetString()).ShouldBe(Catalogue.Experiments.All.Select(static e => e.Name));
    }

    [Theory]
    [InlineData("5000 gradients", 5000, Measure.Gradients)]
    [InlineData("0.5 epochs", 0.5, Measure.Epochs)]
    [InlineData("3 Steps", 3, Measure.Steps)]
    public void Amounts_are_read(string text, double value, Measure measure) => AmountText.Parse("until", text).ShouldBe(new Amount(value, measure));

    [Theory]
    [InlineData("5000")]
    [InlineData("0 epochs")]
    [InlineData("5 7")]
    [InlineData("NaN steps")]
    public void Other_amounts_are_refused(string text) => Should.Throw<ArgumentException>(() => AmountText.Parse("until", text)).Message.ShouldStartWith($"until = {text}: ");

    [Fact]
    public void Delays_are_read()
    {
        DelaysText.Parse("normal").ShouldBe(new TruncatedNormalDelays());
        DelaysText.Parse("exponential(rate=2, per-worker=1)").ShouldBe(new ExponentialDelays(Rate: 2, PerWorker: true));
        DelaysText.Parse("pareto(shape=3)").ShouldBe(new ParetoDelays(Shape: 3));
    }

    [Fact]
    public void Flags_override_the_file()
    {
        File.WriteAllText(folder.File("spec.yaml"), "workers: 30\nweightDecay: 0.01\ndecayAtEpochs: [1, 2]\n");
        SpecFile.Expand(["simulate", folder.File("spec.yaml"), "--workers", "8"]).ShouldBe(["simulate", "--weight-decay", "0.01", "--decay-at-epochs", "1", "2", "--workers", "8"]);
        SpecFile.Expand(["simulate", "--workers", "8"]).ShouldBe(["simulate", "--workers", "8"]);
    }

    [Theory]
    [InlineData("a: ", "[", "at most 32 deep")]
    [InlineData("", "{a: ", "at most 32 deep")]
    [InlineData("a: 1\na: 2", "", "line 2: a: given already in line 1")]
    [InlineData("a: &b 1\nc: *b", "", "anchors and aliases are not allowed")]
    public async Task A_file_that_is_no_mapping_of_options_is_refused(string start, string repeated, string problem)
    {
        File.WriteAllText(folder.File("spec.yaml"), start + string.Concat(Enumerable.Repeat(repeated, 50_000)));
        var (code, _, error) = await Run("simulate", folder.File("spec.yaml"));
        code.ShouldBe(Cli.WrongUse);
        error.Trim().Split('\n').ShouldHaveSingleItem().ShouldContain(problem);
    }

    [Fact]
    public async Task More_memory_than_there_is_is_asked_for_in_one_line()
    {
        var (code, _, error) = await Run("simulate", "--model", "softmax", "--dataset", "synthetic", "--workers", "2000000000", "--buffers", "5");
        code.ShouldNotBe(0);
        error.Trim().Split('\n').ShouldHaveSingleItem();
    }

    [Fact]
    [Trait("category", "slow")]
    public async Task A_simulation_prints_its_curve_and_writes_it()
    {
        File.WriteAllText(folder.File("spec.yaml"), "model: softmax\ndataset: synthetic\nuntil: 200 gradients\nevaluateEvery: 100 gradients\n");
        var (code, output, error) = await Run("simulate", folder.File("spec.yaml"), "--out", folder.File("curve.csv"));
        code.ShouldBe(0, error);
        output.ShouldContain("BASGD(B=5, median) on softmax, synthetic");
        File.ReadAllLines(folder.File("curve.csv")).Length.ShouldBe(4);
    }

    [Fact]
    [Trait("category", "slow")]
    public async Task A_simulation_answers_with_one_JSON_document()
    {
        var (code, output, error) = await Run("simulate", "--model", "softmax", "--dataset", "synthetic", "--until", "200 gradients", "--evaluate-every", "100 gradients", "--json");
        code.ShouldBe(0, error);
        var answer = JsonDocument.Parse(output).RootElement;
        answer.GetProperty("model").GetString().ShouldBe("softmax");
        answer.GetProperty("end").GetString().ShouldBe("horizon");
        answer.GetProperty("curve").EnumerateArray().Select(static point => point.GetProperty("gradients").GetInt64()).Last().ShouldBe(200);
        answer.GetProperty("loyal").GetProperty("received").GetInt64().ShouldBe(200);
    }

    [Fact]
    [Trait("category", "slow")]
    public async Task The_client_hands_over_arguments_output_and_exit_code()
    {
        (await RunClient("experiment")).Code.ShouldBe(0);
        var (code, output) = await RunClient("experiment", "dance", "--scale", "ci");
        code.ShouldBe(Cli.WrongUse);
        output.ShouldContain("experiment = dance");
        (await RunClient("simulate", "--help")).Output.ShouldContain("--evaluate-every");
        JsonDocument.Parse((await RunClient("--json", "experiment")).Output).RootElement.GetArrayLength().ShouldBe(Catalogue.Experiments.All.Count);
    }

    private static async Task<(int Code, string Output, string Error)> Run(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await Cli.Run(args, output, error);
        return (code, output.ToString(), error.ToString());
    }

    private static async Task<(int Code, string Output)> RunClient(params string[] args)
    {
        // Tests/Experiments/bin/CONFIGURATION/FRAMEWORK, and Client/bin/CONFIGURATION/FRAMEWORK.
        var home = new DirectoryInfo(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        var client = Path.GetFullPath(Path.Combine(home.FullName, "../../../../../Client/bin", home.Parent!.Name, home.Name, "basgd.dll"));
        using var process = Process.Start(new ProcessStartInfo("dotnet", [client, .. args]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output + await error);
    }
}
