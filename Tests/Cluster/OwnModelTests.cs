using System.Text.RegularExpressions;
using Basgd.Cluster.Tests.Processes;
using Basgd.Contracts;

namespace Basgd.Cluster.Tests;

/// <summary>samples/OwnModel: a host of one's own trains a model of one's own, and the documents show it as it is.</summary>
public sealed partial class OwnModelTests
{
    private const string Sample = "samples/OwnModel";
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
    private static readonly string[] Documents = ["docs/own-models.md", "Learning/README.md"];

    [Fact]
    [Trait("category", "slow")]
    public async Task A_host_of_ones_own_trains_its_model_by_a_real_job()
    {
        using var state = new StateFolder();
        await using var silo = await SiloProcess.Start(state.Path, host: Built.OwnModel);
        var spec = JobSpecFile.Parse(Repository.Read($"{Sample}/job.yaml"));
        var end = await silo.Train(spec, Limit);
        end.Phase.ShouldBe(JobPhase.Completed);
        (await silo.Job(spec.EffectiveName).Evaluate()).Accuracy.ShouldBeGreaterThan(0.95);
        await silo.Drain();
    }

    [Fact]
    public void The_documents_show_the_whole_host_as_it_is()
    {
        foreach (var document in Documents)
        {
            var shown = CSharp().Matches(Repository.Read(document)).Select(static match => match.Groups[1].Value.Trim()).ToList();
            shown.ShouldContain(Repository.Read($"{Sample}/Program.cs").Trim(), document);
        }

        var whole = CSharp().Matches(Repository.Read(Documents[0])).Select(static match => match.Groups[1].Value.Trim()).ToList();
        foreach (var file in new[] { "Mine.cs", "Blobs.cs" }) whole.ShouldContain(Repository.Read($"{Sample}/{file}").Trim(), file);
    }

    [Fact]
    public void Its_image_is_built_with_the_tools_of_that_of_the_silo_and_on_top_of_it()
    {
        var own = File.ReadAllLines(Repository.PathOf($"{Sample}/Dockerfile"));
        var silo = File.ReadAllLines(Repository.PathOf("Infra/docker/Dockerfile"));
        Argument(own, "SDK").ShouldBe(Argument(silo, "SDK"));
        var name = Argument(own, "SILO");
        silo.ShouldContain(line => line.EndsWith($"-t {name} .", StringComparison.Ordinal));
        own.ShouldContain("FROM ${SILO}");
        own.ShouldContain("ENTRYPOINT [\"dotnet\", \"/app/OwnModel.dll\"]");
    }

    private static string Argument(string[] dockerfile, string name) =>
        dockerfile.Single(line => line.StartsWith($"ARG {name}=", StringComparison.Ordinal)).Split('=')[1];

    [GeneratedRegex(@"```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CSharp();
}
