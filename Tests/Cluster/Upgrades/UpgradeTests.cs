using System.Text;
using Basgd.Cluster.Tests.Campaign;
using Basgd.Contracts;

namespace Basgd.Cluster.Tests.Upgrades;

/// <summary>Two builds of the silo in one cluster, while a job runs.</summary>
[Trait("category", "slow")]
public sealed class UpgradeTests
{
    private const int Gap = 50;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
    private static readonly JobSpec Job = new()
    {
        Name = "upgraded", Model = "softmax", Dataset = "synthetic", Workers = 6, Buffers = 3, LearningRate = 0.01, Steps = 1_000_000, Ledger = true, EvaluateEverySeconds = 0, Durability = Durability.Acknowledged,
    };

    [Fact]
    public async Task A_job_goes_on_while_its_silos_are_upgraded_one_by_one_and_while_they_are_taken_back()
    {
        using var next = await NextBuild.Make();
        await using var cluster = await SiloCluster.Start(await Backend.Redis("server", "server", "worker"), CampaignOptions.Silo, new Random(1));
        try
        {
            await RollThereAndBack(cluster, next);
        }
        catch (Exception failure)
        {
            throw new InvalidOperationException(cluster.Printed, failure);
        }
    }

    private static async Task RollThereAndBack(SiloCluster cluster, NextBuild next)
    {
        var job = cluster.Client.Job(Job.EffectiveName);
        var watch = new JobWatch(cluster.Client, Job.EffectiveName);
        await Asking.Patiently(() => job.Submit(Job));
        await Learns(watch);
        (await StoredModel(cluster)).ShouldNotContain(NextBuild.Mark);

        foreach (var silo in cluster.Silos)
        {
            silo.Program = next.Silo;
            await silo.Drain();
            await silo.WhenReady();
            await Learns(watch);
        }

        (await StoredModel(cluster)).ShouldContain(NextBuild.Mark);

        foreach (var silo in cluster.Silos)
        {
            silo.Program = Processes.Built.Silo;
            await silo.Drain();
            await silo.WhenReady();
            await Learns(watch);
        }

        (await StoredModel(cluster)).ShouldNotContain(NextBuild.Mark);
        cluster.Silos.SelectMany(static silo => silo.EndedItself).ShouldBeEmpty();

        await Asking.Patiently(job.Pause);
        var findings = await Findings.Of(job, Job, watch.Reports, replays: true);
        findings.Problems.ShouldBeEmpty();
        (findings.Lost, findings.Doubled).ShouldBe((0, 0));
    }

    private static async Task Learns(JobWatch watch)
    {
        var now = await watch.Until(static _ => true, Limit);
        await watch.Until(status => status.Version.Step >= now.Version.Step + Gap, Limit);
    }

    private static async Task<string> StoredModel(SiloCluster cluster) => Encoding.Latin1.GetString((await cluster.Models.Read(Job.EffectiveName)).Bytes);
}
