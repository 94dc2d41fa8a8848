using Basgd.Aggregation;
using Basgd.Client.Tests.Fakes;
using Basgd.Contracts;

namespace Basgd.Client.Tests.Verbs;

public sealed class CatalogTests
{
    private readonly Command command = new();

    [Fact]
    public async Task Rules_are_a_line_each_without_a_silo()
    {
        (await command.Run("rules")).ShouldBe(ExitCode.Done);
        command.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => line.Split(' ', '(', '|')[0]).ShouldBe([.. Rules.All.Select(static r => r.Name), .. Rules.PreAggregations.Select(static r => r.Name)]);
        command.Cluster.Opened.ShouldBeNull();
    }

    [Theory]
    [InlineData("rules", "the arithmetic mean: not robust, the baseline; withstands 0\n")]
    [InlineData("attacks", "the gradient as it is\n")]
    public async Task What_no_paper_describes_has_no_empty_brackets(string verb, string ending)
    {
        (await command.Run(verb)).ShouldBe(ExitCode.Done);
        command.Out.ShouldContain(ending);
        command.Out.ShouldNotContain("[-]");
    }

    [Fact]
    public async Task Rules_and_pre_aggregations_are_a_document_with_json()
    {
        (await command.Run("rules", "--json")).ShouldBe(ExitCode.Done);
        command.Json.GetProperty("rules")[0].GetProperty("name").GetString().ShouldBe("mean");
        command.Json.GetProperty("preAggregations")[0].GetProperty("name").GetString().ShouldBe("nnm");
    }

    [Fact]
    public async Task Attacks_are_a_document_with_json()
    {
        (await command.Run("attacks", "--json")).ShouldBe(ExitCode.Done);
        command.Json.EnumerateArray().Select(static a => a.GetProperty("name").GetString()).ShouldBe(Attacks.All.Select(static a => a.Name));
    }

    [Fact]
    public async Task Models_are_listed_without_a_silo_if_none_runs()
    {
        (await command.Run("models", "--state", "elsewhere", "--data", "there")).ShouldBe(ExitCode.Done);
        command.Out.ShouldContain("lenet5");
        command.Cluster.Opened.ShouldBe(new Client.Clusters.ClusterTarget(null, "elsewhere", Start: null) { Need = new Contracts.Attaching.Need("models"), Use = Client.Clusters.StateUse.List });
        command.Cluster.Disposed.ShouldBeTrue();
    }

    [Fact]
    public async Task Datasets_are_a_document_with_json()
    {
        (await command.Run("datasets", "--json")).ShouldBe(ExitCode.Done);
        command.Json[0].GetProperty("name").GetString().ShouldBe("fashion-mnist");
    }

    [Fact]
    public async Task The_schema_is_printed()
    {
        (await command.Run("schema")).ShouldBe(ExitCode.Done);
        command.Out.ShouldBe(JobSpecSchema.Generate());
    }
}
