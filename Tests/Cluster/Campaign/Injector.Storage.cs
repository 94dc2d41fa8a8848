namespace Basgd.Cluster.Tests.Campaign;

/// <summary>What storage may do to a cluster.</summary>
internal sealed partial class Injector
{
    private const int Losses = 4;
    private const int OldSteps = 5;
    private const int SlownessPart = 20;

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

    private async Task SlowStorage(TimeSpan duration)
    {
        cluster.Backend.Proxy!.Slow(duration / SlownessPart);
        await Task.Delay(duration);
        cluster.Backend.Proxy.Slow(TimeSpan.Zero);
    }

    private async Task RefuseStorage(TimeSpan duration)
    {
        cluster.Backend.Proxy!.Refuse();
        await Task.Delay(duration);
        cluster.Backend.Proxy.Welcome();
    }

    private async Task LoseAnswers(TimeSpan duration)
    {
        for (var loss = 0; loss < Losses; loss++)
        {
            cluster.Backend.Proxy!.LoseAnswers();
            await Task.Delay(duration / Losses);
        }
    }

    /// <summary>What storage lost is lost, and seen to be so until the model begins its next generation.</summary>
    private async Task Damage(Func<StoredModel, StoredModel> damage)
    {
        watch.MayLookBack = true;
        await WithModelKilled(async newest => await Put(damage(newest)));
    }

    /// <summary>As a backup does, or a server that forgot what it had acknowledged. Where nobody is left who knows more, the steps since are made again under the same numbers.</summary>
    private async Task BringBackOld()
    {
        watch.MayLookBack = true;
        var old = await Read();
        var then = await watch.Until(static _ => true, Limit);
        await watch.Until(status => status.Version.Step >= then.Version.Step + OldSteps || status.Progress >= 1, Limit);
        await WithModelKilled(async _ =>
        {
            await Put(old);
            watch.Forget();
        });
    }

    private Task<StoredModel> Read() => Asking.Patiently(() => cluster.Models.Read(job));

    private Task Put(StoredModel model) => Asking.Patiently(() => cluster.Models.Put(job, model));

    /// <summary>Nobody looks again at the model of a job that is over: what it loses then it has lost.</summary>
    private async Task WithModelKilled(Func<StoredModel, Task> action)
    {
        await cluster.WhenReady();
        var silo = await FindModel();
        silo.Hold();
        await silo.Kill();
        if (await Read() is { } newest && newest.Step < spec.Steps) await action(newest);
        silo.Release();
    }
}
