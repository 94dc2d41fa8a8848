using Basgd.Contracts;

namespace Basgd.Cluster.Tests.Campaign;

[Trait("category", "slow")]
public sealed class RollbackTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    /// <summary>Storage brings back an old model, without a sign, while the only silo that could know better is down: but for those with workers.</summary>
    [Fact]
    public async Task Workers_that_know_a_newer_model_than_there_is_go_on_with_the_one_there_is()
    {
        await using var cluster = await SiloCluster.Start(await Backend.Redis("server", "worker"), CampaignOptions.Silo, new Random(1));
        var spec = new JobSpec { Name = "rollback", Model = "softmax", Dataset = "synthetic", Workers = 2, Buffers = 2, Steps = 5_000, EvaluateEverySeconds = 0 };
        var watch = new JobWatch(cluster.Client, spec.EffectiveName);
        var job = cluster.Client.Job(spec.EffectiveName);
        await Asking.Patiently(() => job.Submit(spec));
        await watch.Until(static status => status.Version.Step >= 1, Limit);

        await new Injector(cluster, watch, spec).Do(new PlannedFault(Fault.BringBackOld, 0, 0, TimeSpan.Zero));

        var back = await watch.Until(static _ => true, Limit);
        back.Version.Step.ShouldBeLessThan(spec.Steps.Value);
        await watch.Until(status => status.Version.Step > back.Version.Step + 10, Limit);
        await job.Stop();
    }
}
