using Basgd.Cluster.Tests.Processes;
using Basgd.Contracts;

namespace Basgd.Cluster.Tests;

/// <summary>What it is all for: two of eight workers lie, and the default run succeeds where plain averaging does not.</summary>
[Collection<Alone>]
[Trait("category", "slow")]
public sealed class AccuracyTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(20);
    private static readonly JobSpec Example = JobSpecFile.Parse(File.ReadAllText(Repository.PathOf("examples/fashion-mnist.yaml")));

    [Fact]
    public async Task The_default_run_withstands_the_attack() => (await Accuracy(Example)).ShouldBeGreaterThanOrEqualTo(0.85);

    [Fact]
    public async Task The_same_with_the_mean_does_not() => (await Accuracy(Example with { Rule = "mean", Tolerate = 0 })).ShouldBeLessThan(0.4);

    private async Task<double> Accuracy(JobSpec spec)
    {
        using var state = new StateFolder();
        await using var silo = await SiloProcess.Start(state.Path);
        var end = await silo.Train(spec, Limit);
        var accuracy = (await silo.Job(spec.EffectiveName).Evaluate()).Accuracy;
        output.WriteLine($"{spec.Rule}: {end.Phase} at step {end.Version}, epoch {end.Epoch:F2}, accuracy {accuracy}");
        return accuracy;
    }
}
