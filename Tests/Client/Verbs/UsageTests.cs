using Basgd.Client.Clusters;
using Basgd.Client.Tests.Fakes;
using Basgd.Contracts;

namespace Basgd.Client.Tests.Verbs;

public sealed class UsageTests
{
    private readonly Command command = new();

    [Theory]
    [InlineData("train")]
    [InlineData("submit")]
    [InlineData("status")]
    [InlineData("watch")]
    [InlineData("pause")]
    [InlineData("resume")]
    [InlineData("stop")]
    [InlineData("lift")]
    [InlineData("evaluate")]
    [InlineData("export")]
    [InlineData("aggregate")]
    [InlineData("models")]
    [InlineData("datasets")]
    [InlineData("rules")]
    [InlineData("attacks")]
    [InlineData("schema")]
    public async Task Every_verb_explains_itself(string verb)
    {
        (await command.Run(verb, "--help")).ShouldBe(ExitCode.Done);
        command.Out.ShouldContain($"Usage:\n  ", Case.Sensitive);
        command.Out.ShouldContain(verb);
        command.Cluster.Opened.ShouldBeNull();
    }

    [Theory]
    [InlineData("dance", "dance: no such verb\nTry basgd --help.\n")]
    [InlineData("--surprise", "--surprise: no such option\nTry basgd --help.\n")]
    [InlineData("train --surprise", "--surprise: no such option\nTry basgd train --help.\n")]
    [InlineData("status --surprise", "--surprise: no such option\nTry basgd status --help.\n")]
    [InlineData("train no-such-file.yaml", "spec = no-such-file.yaml: no such file\n")]
    [InlineData("train no-such-folder/file.yaml", "spec = no-such-folder/file.yaml: no such file\n")]
    public async Task What_is_not_there_is_named_and_nothing_else_is_said(string line, string error)
    {
        (await command.Run(line.Split(' '))).ShouldBe(ExitCode.WrongUse);
        command.Error.ShouldBe(error);
    }

    [Theory]
    [InlineData("")]
    [InlineData("dance")]
    [InlineData("train --workers many")]
    [InlineData("train --workers 4")]
    [InlineData("train --steps 3 --epochs 1")]
    [InlineData("train --durability always")]
    [InlineData("train --slots -1")]
    [InlineData("train --surprise")]
    [InlineData("train no-such-file.yaml")]
    [InlineData("status --cluster redis://host/words")]
    [InlineData("status --cluster host")]
    [InlineData("status --cluster host:0")]
    [InlineData("watch")]
    [InlineData("lift lenet5")]
    [InlineData("lift lenet5 last")]
    [InlineData("export lenet5")]
    [InlineData("export lenet5 --to weights.pt")]
    public async Task Wrong_use_is_refused_before_anything_is_opened(string line)
    {
        (await command.Run(line.Split(' ', StringSplitOptions.RemoveEmptyEntries))).ShouldBe(ExitCode.WrongUse);
        command.Error.ShouldNotBeEmpty();
        command.Out.ShouldBeEmpty();
        command.Cluster.Opened.ShouldBeNull();
    }

    [Theory]
    [InlineData("train --workers many --json", "workers = many: must be a whole number")]
    [InlineData("train --rule nonsense --json", "rule = nonsense: ")]
    [InlineData("export x --to y.txt --json", "to = y.txt: must end in .safetensors or .npz")]
    [InlineData("status --cluster redis://u:p@h/x --json", "cluster = redis://u:***@h/x: must name the database by a number")]
    public async Task With_json_an_error_is_a_document_too(string line, string error)
    {
        (await command.Run(line.Split(' '))).ShouldBe(ExitCode.WrongUse);
        command.Json.GetProperty("error").GetString()!.ShouldContain(error);
        command.Error.ShouldContain(error);
    }

    [Theory]
    [InlineData("lift lenet5 last", "worker = last: must be the number of a worker, from 0")]
    [InlineData("lift lenet5 -1", "worker = -1: must be the number of a worker, from 0")]
    [InlineData("train /tmp", "spec = /tmp: must be a file; this is a directory")]
    [InlineData("submit /tmp", "spec = /tmp: must be a file; this is a directory")]
    [InlineData("train --lr fast", "lr = fast: must be a number")]
    [InlineData("train --seed -1", "seed = -1: must be a whole number")]
    [InlineData("train --page x", "page = x: must be a whole number >= 0")]
    [InlineData("verify x --replay=maybe", "maybe")]
    [InlineData("resume x --watch=maybe", "maybe")]
    public async Task Wrong_values_are_told_by_field_and_rule(string line, string message)
    {
        (await command.Run(line.Split(' '))).ShouldBe(ExitCode.WrongUse);
        command.Error.ShouldContain(message);
        command.Error.ShouldNotContain("System.");
    }

    [Fact]
    public async Task A_cluster_out_of_reach_is_a_failure()
    {
        var alone = new Command { Cluster = new FakeCluster { Unreachable = new ClusterException("nobody there") } };
        (await alone.Run("status")).ShouldBe(ExitCode.Failed);
        alone.Error.ShouldContain("nobody there");
    }

    [Fact]
    public async Task A_refusal_of_the_job_is_a_failure_with_its_message()
    {
        command.Cluster.TheJob.Trouble.Enqueue(new JobRefusedException("name = x: taken by another spec"));
        (await command.Run("train", "--name", "x")).ShouldBe(ExitCode.Failed);
        command.Error.ShouldContain("name = x: taken by another spec");
        command.Cluster.Disposed.ShouldBeTrue();
    }
}
