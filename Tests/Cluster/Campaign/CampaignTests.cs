using System.Collections.Concurrent;
using System.Diagnostics;
using Basgd.Contracts;

namespace Basgd.Cluster.Tests.Campaign;

/// <summary>
/// Jobs on real silos and real servers, each with faults drawn from a seed. Afterwards it has made exactly the steps asked for, no
/// contribution is in two, no step that was reported durable is lost or another, nothing acknowledged is missing where that was
/// asked for, and making every step again gives the stored parameters bit for bit, but where storage brought back an old model. A failure prints the command that repeats its
/// schedule; how the processes interleave no seed can tell. Where this user may not make network namespaces or mount, or
/// libfaketime is not installed, partitions, full disks and jumping clocks are left out, and the tally shows it.
/// </summary>
[Collection<Alone>]
[Trait("category", "slow")]
public abstract class CampaignTests(ITestOutputHelper output)
{
    /// <summary>Half of it is libtorch; a job's vectors are a few hundred kilobytes.</summary>
    private const long MostResidentBytes = 512L << 20;

    /// <summary>At work side by side: most of a schedule is waiting, for failures to be noticed and for silos to start.</summary>
    private const int Clusters = 2;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    private protected abstract Task<Backend> StartBackend();

    [Fact]
    public async Task Whatever_fails_nothing_is_lost_or_counted_twice()
    {
        var seeds = new ConcurrentQueue<int>(Enumerable.Range(CampaignOptions.Seed, CampaignOptions.Count));
        var tally = new Tally();
        ConcurrentQueue<string> failures = [];
        await Task.WhenAll(Enumerable.Range(0, Math.Min(Clusters, seeds.Count)).Select(_ => RunAll(seeds, tally, failures)));
        output.WriteLine(tally.Row(GetType().Name));
        failures.ShouldBeEmpty();
    }

    /// <summary>On one cluster after the other: the next where a schedule failed.</summary>
    private async Task RunAll(ConcurrentQueue<int> seeds, Tally tally, ConcurrentQueue<string> failures)
    {
        SiloCluster? cluster = null;
        try
        {
            while (seeds.TryDequeue(out var seed))
            {
                cluster ??= await SiloCluster.Start(await StartBackend(), CampaignOptions.Silo, new Random(seed));
                if (await Failure(cluster, Schedule.Draw(seed, CampaignOptions.Among(cluster.Backend.Faults)), tally) is not { } failure) continue;
                failures.Enqueue(failure);
                output.WriteLine(failure);
                await cluster.DisposeAsync();
                cluster = null;
            }
        }
        finally
        {
            if (cluster is not null) await cluster.DisposeAsync();
        }
    }

    private async Task<string?> Failure(SiloCluster cluster, Schedule schedule, Tally tally)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            await Run(cluster, schedule, tally);
            output.WriteLine(FormattableString.Invariant($"{schedule} took {Stopwatch.GetElapsedTime(started).TotalSeconds:F1} s"));
            return null;
        }
        catch (Exception failure)
        {
            return $"{CampaignOptions.Repeat(schedule.Seed, GetType().Name)}\n{schedule}\n{failure}\n{cluster.Printed}";
        }
    }

    private static async Task Run(SiloCluster cluster, Schedule schedule, Tally tally)
    {
        var spec = schedule.Job;
        var job = cluster.Client.Job(spec.EffectiveName);
        var watch = new JobWatch(cluster.Client, spec.EffectiveName);
        var injector = new Injector(cluster, watch, spec);
        await Asking.Patiently(() => job.Submit(spec));
        var ended = cluster.Silos.Sum(static silo => silo.EndedItself.Count);
        var step = 0L;
        foreach (var planned in schedule.Faults)
        {
            step += planned.Gap;
            await watch.Until(status => status.Version.Step >= step, Limit);
            await injector.Do(planned);
        }

        var end = await watch.Until(static status => status.Phase is not JobPhase.Running, Limit);
        await injector.Settle();
        var findings = await Findings.Of(job, spec, watch.Reports, replays: !schedule.RepeatsSteps);
        var resident = cluster.Silos.Max(static silo => silo.ResidentBytes);
        lock (tally) tally.Add(schedule, findings, injector.Recoveries, cluster.Silos.Sum(static silo => silo.EndedItself.Count) - ended, resident);
        end.Phase.ShouldBe(JobPhase.Completed);
        end.Version.Step.ShouldBe(spec.Steps!.Value);
        if (!schedule.DamagesCheckpoints) end.Version.Generation.ShouldBe(0, "steps are taken for lost that are not");
        findings.Problems.ShouldBeEmpty();
        (findings.Lost, findings.Doubled).ShouldBe((0, 0));
        resident.ShouldBeLessThan(MostResidentBytes, "what a job took is not given back");
    }
}

public sealed class RedisCampaignTests(ITestOutputHelper output) : CampaignTests(output)
{
    private protected override Task<Backend> StartBackend() => Backend.Redis();
}

public sealed class PostgresCampaignTests(ITestOutputHelper output) : CampaignTests(output)
{
    private protected override Task<Backend> StartBackend() => Backend.Postgres();
}

public sealed class AzureBlobCampaignTests(ITestOutputHelper output) : CampaignTests(output)
{
    private protected override Task<Backend> StartBackend() => Backend.AzureBlob();
}

public sealed class FileCampaignTests(ITestOutputHelper output) : CampaignTests(output)
{
    private protected override Task<Backend> StartBackend() => Backend.Files();
}
