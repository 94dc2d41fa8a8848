using System.Diagnostics;

namespace Basgd.Cluster.Tests.Campaign;

/// <summary>Does to a cluster what a schedule says.</summary>
internal sealed class Injector(SiloCluster cluster, JobWatch watch, string job)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
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
            Fault.KillStorage => KillStorage(planned.Duration),
            Fault.HangStorage => HangStorage(planned.Duration),
            Fault.FlipBit => Damage(silo, FlipBit),
            Fault.Truncate => Damage(silo, Truncate),
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
        var silo = await cluster.FindModel(job) ?? cluster.Silos[0];
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

    private async Task HangModel(Func<KeptSilo, Task> hang) => await hang(await cluster.FindModel(job) ?? cluster.Silos[0]);

    private async Task Hang(KeptSilo silo, TimeSpan duration)
    {
        watch.MayLookBack = true;
        silo.Hang();
        await Task.Delay(duration);
        silo.Revive();
    }

    private async Task HangUntilDead(KeptSilo silo)
    {
        watch.MayLookBack = true;
        silo.Hang();
        await cluster.WhenDead(silo, Limit);
        endings.Add(silo.Ended());
        silo.Revive();
    }

    private async Task Roll()
    {
        foreach (var silo in cluster.Silos)
        {
            await silo.Drain();
            await silo.WhenReady();
        }
    }

    private async Task KillStorage(TimeSpan duration)
    {
        await cluster.Backend.Storage!.Kill();
        await Task.Delay(duration);
        await cluster.Backend.Storage.Restart();
    }

    private async Task HangStorage(TimeSpan duration)
    {
        await cluster.Backend.Storage!.Hang();
        await Task.Delay(duration);
        await cluster.Backend.Storage.Revive();
    }

    /// <summary>What storage lost is lost, and seen to be so until the model begins its next generation.</summary>
    private async Task Damage(KeptSilo silo, Action<string> damage)
    {
        watch.MayLookBack = true;
        silo.Hold();
        await silo.Kill();
        var file = Directory.EnumerateFiles(Path.Combine(silo.State, "grains", "model")).Single(path => path.EndsWith($"%2F{job}", StringComparison.Ordinal));
        damage(file);
        silo.Release();
    }

    /// <summary>In the middle, among the parameters: the file's end names the version.</summary>
    private static void FlipBit(string file)
    {
        var bytes = File.ReadAllBytes(file);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(file, bytes);
    }

    private static void Truncate(string file)
    {
        using var opened = File.OpenWrite(file);
        opened.SetLength(opened.Length / 2);
    }
}
