using System.Diagnostics;
using Basgd.Contracts;

namespace Basgd.Cluster.Tests.Campaign;

/// <summary>Does to a cluster what a schedule says.</summary>
internal sealed partial class Injector(SiloCluster cluster, JobWatch watch, JobSpec spec)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
    private readonly string job = spec.EffectiveName;
    private readonly List<Task> endings = [];

    /// <summary>From SIGKILL of the model's silo to the next step, which the others made.</summary>
    public List<TimeSpan> Recoveries { get; } = [];

    public Task Do(PlannedFault planned)
    {
        var silo = cluster.Silos[planned.Silo % cluster.Silos.Count];
        return planned.Fault switch
        {
            Fault.KillModel => KillModel(),
            Fault.Kill => silo.Kill(),
            Fault.KillTwo => Task.WhenAll(silo.Kill(), cluster.Silos[(planned.Silo + 1) % cluster.Silos.Count].Kill()),
            Fault.KillAll => Task.WhenAll(cluster.Silos.Select(static each => each.Kill())),
            Fault.Hang => Hang(silo, planned.Duration),
            Fault.HangModel => HangModel(each => Hang(each, planned.Duration)),
            Fault.HangUntilDead => HangModel(HangUntilDead),
            Fault.Roll => Roll(),
            Fault.Isolate => Isolate(silo, planned.Duration),
            Fault.Split => HangModel(Split),
            Fault.JumpClock => JumpClock(silo, planned),
            Fault.KillStorage => KillStorage(planned.Duration),
            Fault.HangStorage => HangStorage(planned.Duration),
            Fault.SlowStorage => SlowStorage(planned.Duration),
            Fault.RefuseStorage => RefuseStorage(planned.Duration),
            Fault.LoseAnswers => LoseAnswers(planned.Duration),
            Fault.FillDisk => silo.Disk?.Fill(planned.Duration) ?? Task.CompletedTask,
            Fault.FlipBit => Damage(static model => model.WithFlippedBit()),
            Fault.Truncate => Damage(static model => model.Truncated()),
            Fault.BringBackOld => BringBackOld(),
            _ => throw new ArgumentOutOfRangeException(nameof(planned)),
        };
    }

    /// <summary>Waits until all that must end has ended and every silo takes clients again.</summary>
    public async Task Settle()
    {
        await Task.WhenAll(endings);
        await cluster.WhenReady();
    }

    /// <summary>The silo stays away until the others have made a step: nothing is owed to its start.</summary>
    public async Task KillModel()
    {
        await cluster.WhenReady();
        var silo = await FindModel();
        silo.Hold();
        try
        {
            var killed = Stopwatch.GetTimestamp();
            await silo.Kill();

            // Steps before the kill that nobody had looked at yet do not count.
            var found = await watch.Until(static _ => true, Limit);
            await watch.Until(status => status.Version > found.Version || status.Progress >= 1, Limit);
            Recoveries.Add(Stopwatch.GetElapsedTime(killed));
        }
        finally
        {
            silo.Release();
        }
    }

    private async Task<KeptSilo> FindModel() => await cluster.FindModel(job) ?? cluster.Silos[0];

    private async Task HangModel(Func<KeptSilo, Task> hang) => await hang(await FindModel());

    private async Task Hang(KeptSilo silo, TimeSpan duration)
    {
        watch.MayLookBack = true;
        silo.Hang();
        await Task.Delay(duration);
        silo.Revive();
    }

    private async Task HangUntilDead(KeptSilo silo)
    {
        // Where another is not back yet from the fault before, nobody is left to call it dead.
        await cluster.WhenReady();
        watch.MayLookBack = true;
        var (port, ended) = silo.ExpectEnd();
        silo.Hang();
        try
        {
            await cluster.WhenDead(port, Limit);
            endings.Add(ended());
        }
        finally
        {
            silo.Revive();
        }
    }

    private async Task Roll()
    {
        foreach (var silo in cluster.Silos)
        {
            await silo.Drain();
            await silo.WhenReady();
        }
    }

    private async Task Isolate(KeptSilo silo, TimeSpan duration)
    {
        watch.MayLookBack = true;
        var network = cluster.Backend.Network!;
        Split(network, silo);
        network.CutHost(silo.Index);
        await Task.Delay(duration);
        network.Join();
    }

    private async Task Split(KeptSilo silo)
    {
        await cluster.WhenReady();
        watch.MayLookBack = true;
        var network = cluster.Backend.Network!;
        var (port, ended) = silo.ExpectEnd();
        Split(network, silo);
        try
        {
            await cluster.WhenDead(port, Limit);
            endings.Add(ended());
        }
        finally
        {
            network.Join();
        }
    }

    private void Split(Network network, KeptSilo silo)
    {
        foreach (var other in cluster.Silos.Where(each => each != silo)) network.Cut(silo.Index, other.Index);
    }

    private static async Task JumpClock(KeptSilo silo, PlannedFault planned)
    {
        silo.HasFalseClock = true;
        await silo.Kill();
        await silo.WhenReady();

        // Up to three quarters of an hour, ahead or behind.
        silo.Clock.Set((planned.Silo % 2 == 0 ? 1000 : -1000) * planned.Duration);
        await Task.Delay(planned.Duration);
        silo.Clock.Set(TimeSpan.Zero);
        await Task.Delay(planned.Duration);
        silo.HasFalseClock = false;
        await silo.Kill();

        // What it registered as its last sign of life may lie ahead: as long as the others live they know better.
        await silo.WhenReady();
    }
}
