using Basgd.Contracts;

namespace Basgd.Cluster.Tests.Campaign;

/// <summary>How long nothing is learnt after the silo that holds the model is killed, with the settings that silos have by default: run by <c>./test.sh --campaign</c>.</summary>
[Collection<Alone>]
[Trait("category", "slow")]
public sealed class RecoveryTests(ITestOutputHelper output)
{
    private const int Kills = 12;
    private const int Gap = 100;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);
    private static readonly JobSpec Endless = new()
    {
        Name = "endless", Model = "softmax", Dataset = "synthetic", Workers = 6, Buffers = 3, LearningRate = 0.01, Steps = 1_000_000, Ledger = true, EvaluateEverySeconds = 0,
    };

    [Theory(Explicit = true)]
    [InlineData("server", "server", "worker")]
    [InlineData("all", "all", "all")]
    public async Task After_a_kill_of_the_models_silo_training_goes_on_with_no_durable_step_lost(params string[] roles)
    {
        await using var cluster = await SiloCluster.Start(await Backend.Redis(roles), new Dictionary<string, string>(), new Random(Environment.TickCount));
        var job = cluster.Client.Job(Endless.EffectiveName);
        var watch = new JobWatch(cluster.Client, Endless.EffectiveName);
        var injector = new Injector(cluster, watch, Endless);
        await job.Submit(Endless);
        for (var kill = 0; kill < Kills; kill++)
        {
            var before = await watch.Until(static _ => true, Limit);
            await watch.Until(status => status.Version.Step >= before.Version.Step + Gap, Limit);
            await injector.KillModel();
            output.WriteLine(FormattableString.Invariant($"{injector.Recoveries[^1].TotalSeconds:F2} s"));
        }

        await cluster.WhenReady();
        await job.Stop();
        var findings = await Findings.Of(job, Endless, watch.Reports, replays: false);
        var tally = new Tally();
        tally.Add(new Schedule(0, Endless, [.. Enumerable.Repeat(new PlannedFault(Fault.KillModel, Gap, 0, TimeSpan.Zero), Kills)]), findings, injector.Recoveries, cluster.Silos.Sum(static silo => silo.EndedItself.Count), cluster.Silos.Max(static silo => silo.ResidentBytes));
        output.WriteLine(tally.Row(string.Join(", ", roles)));
        findings.Problems.ShouldBeEmpty();
        (findings.Lost, findings.Doubled).ShouldBe((0, 0));
    }
}
