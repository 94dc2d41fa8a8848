using Basgd.Client.Tests.Fakes;
using Basgd.Contracts;

namespace Basgd.Client.Tests.Verbs;

public sealed class SpecFlagsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly Command command = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Every_flag_overrides_the_file()
    {
        var file = folder.Write("spec.yaml", "name: old\nmodel: old\nworkers: 20\nepochs: 3\nweightDecay: 0.5\nlearningRate: 9\n");

        (await command.Run("submit", file, "--name", "new", "--model", "softmax", "--dataset", "digits", "--workers", "9", "--buffers", "7", "--tolerate", "3",
            "--byzantine", "2", "--attack", "negative-gradient(k=3)", "--rule", "trimmed-mean", "--lr", "0.25", "--batch", "5", "--steps", "11", "--seed", "42",
            "--durability", "acknowledged")).ShouldBe(ExitCode.Done);

        command.Cluster.TheJob.Spec.ShouldBe(new JobSpec
        {
            Name = "new",
            Model = "softmax",
            Dataset = "digits",
            Workers = 9,
            Buffers = 7,
            Tolerate = 3,
            Byzantine = 2,
            Attack = "negative-gradient(k=3)",
            Rule = "trimmed-mean",
            LearningRate = 0.25,
            Batch = 5,
            Steps = 11,
            Epochs = null,
            Seed = 42,
            Durability = Durability.Acknowledged,
            WeightDecay = 0.5,
        });
        command.Cluster.NameAsked.ShouldBe("new");
    }

    [Fact]
    public async Task Without_flags_the_file_is_taken_as_it_is()
    {
        (await command.Run("submit", folder.Write("spec.yaml", "workers: 20\nsteps: 3\nseed: 5\n"))).ShouldBe(ExitCode.Done);
        command.Cluster.TheJob.Spec.ShouldBe(new JobSpec { Workers = 20, Steps = 3, Seed = 5 });
    }

    [Fact]
    public async Task Epochs_replace_the_steps_of_the_file()
    {
        (await command.Run("submit", folder.Write("spec.yaml", "steps: 3\n"), "--epochs", "2")).ShouldBe(ExitCode.Done);
        command.Cluster.TheJob.Spec.ShouldBe(new JobSpec { Epochs = 2 });
    }

    [Fact]
    public async Task A_problem_in_the_file_is_told_with_file_and_line()
    {
        var file = folder.Write("spec.yaml", "seed: 1\nworkers: x\n");
        (await command.Run("train", file)).ShouldBe(ExitCode.WrongUse);
        command.Error.ShouldContain($"{file}: line 2: workers = x: must be a whole number");
    }

    [Fact]
    public async Task A_flag_that_breaks_a_rule_of_the_whole_is_refused()
    {
        (await command.Run("train", "--byzantine", "3", "--attack", "negative-gradient")).ShouldBe(ExitCode.WrongUse);
        command.Error.ShouldContain("buffers = 5: must be >= 2 * tolerate + 1 = 7");
    }
}
