using Basgd.Contracts;
using Basgd.Contracts.Attaching;
using Spectre.Console;

namespace Basgd.Client.Clusters;

/// <summary>The silo on a state directory, which this command joined or started, and its attachment there.</summary>
internal sealed class LocalCluster : ICluster
{
    /// <summary>For another command to begin to start a silo, if this one may not.</summary>
    private static readonly TimeSpan SuccessorTime = TimeSpan.FromSeconds(3);

    private readonly ClusterTarget target;
    private readonly IAnsiConsole console;
    private readonly TimeProvider time;
    private readonly SiloLog log;
    private readonly StateShare share;
    private readonly SiloFinder finder;
    private Attachment? attachment;
    private SiloAnnouncement? silo;
    private SiloLife? life;
    private OrleansConnection? connection;
    private CancellationTokenSource? following;

    private LocalCluster(ClusterTarget target, IAnsiConsole console, TimeProvider time)
    {
        (this.target, this.console, this.time) = (target, console, time);
        var state = Path.GetFullPath(target.State);
        log = new SiloLog(state);
        share = new StateShare(new SharedFolder(state), time);
        finder = new SiloFinder(share, time);
    }

    public IJobDirectoryGrain Jobs => Connection.Find<IJobDirectoryGrain>("server");

    public ISiloDirectoryGrain Silos => Connection.Find<ISiloDirectoryGrain>("server");

    public IWorkloadCatalogGrain Workloads => Connection.Find<IWorkloadCatalogGrain>("worker");

    /// <summary>From the log, which every command can read.</summary>
    public Action<SiloProgress>? Progress
    {
        get;
        set
        {
            following?.Cancel();
            following = null;
            if ((field = value) is not { } tell) return;
            following = new CancellationTokenSource();
            _ = log.Follow(line => { if (SiloProgress.Parse(line) is { } progress) tell(progress); }, time, following.Token);
        }
    }

    private OrleansConnection Connection => connection ?? throw new ClusterException($"no silo runs on {target.State}");

    /// <returns>Null if no silo runs there and the command starts none.</returns>
    /// <exception cref="ClusterException">There is none and none can be started.</exception>
    public static async Task<LocalCluster?> Open(ClusterTarget target, IAnsiConsole console, TimeProvider time, CancellationToken cancellationToken)
    {
        var cluster = new LocalCluster(target, console, time);
        try
        {
            // Who only looks leaves no trace in a directory that nobody uses.
            if (target.Start is null && cluster.share is { IsHeld: false, IsStarting: false }) return null;
            if (await cluster.Join(TimeSpan.Zero, cancellationToken)) return cluster;
            await cluster.DisposeAsync();
            return null;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    public ITrainingJobGrain Job(string name) => Connection.Grains.GetGrain<ITrainingJobGrain>(name);

    public async Task Reopen(CancellationToken cancellationToken)
    {
        Leave();
        if (!await Join(SuccessorTime, cancellationToken)) throw new ClusterException($"no silo runs on {target.State}");
    }

    public async Task AskFor(int slots)
    {
        if (attachment is not { } old || old.Need.Slots == slots) return;
        attachment = await Attach(old.Need with { Slots = slots });
        old.Dispose();
    }

    public async Task Keep(string job, int slots)
    {
        if (silo is not { Attended: true }) return;
        using var _ = await share.Enter(CancellationToken.None);
        share.Keep(job, slots, NewId());
    }

    public async Task<bool> LeaveToOthers(string job)
    {
        if (silo is not { Attended: true } || attachment is not { } mine) return false;
        using var _ = await share.Enter(CancellationToken.None);
        if (!share.Sweep().Any(other => other.File != mine.File && other.Need.Job == job && other.Need.Slots > 0)) return false;
        mine.Dispose();
        attachment = null;
        return true;
    }

    public async Task<bool> IsTraining()
    {
        if (silo is not { Attended: true } || attachment is null) return true;
        using var _ = await share.Enter(CancellationToken.None);
        return share.Sweep().Any(static need => need.Need.Slots > 0);
    }

    public async ValueTask DisposeAsync()
    {
        Progress = null;
        var hasEnded = life?.Ended.IsCompleted != false;
        var left = connection;
        connection = null;
        life?.Dispose();

        // The silo may end from here on. Saying goodbye to one that has takes time for nothing.
        if (left is not null && !hasEnded) await left.DisposeAsync();
        attachment?.Dispose();
    }

    private static string NewId() => $"{Environment.ProcessId}-{Guid.NewGuid():N}";

    /// <returns>False if there is no silo, and none may be started.</returns>
    private async Task<bool> Join(TimeSpan wait, CancellationToken cancellationToken)
    {
        while (true)
        {
            var found = await Find(wait, cancellationToken);
            if (found is null) return false;
            silo = found;
            var position = log.Length;
            life = new SiloLife(share, silo, time, () => $"the silo on {target.State} ended ({log.EndReason(position) ?? $"it gave no reason; log: {log.Path}"}).");
            var opening = OrleansConnection.Open([silo.Endpoint()], ClusterTarget.DefaultClusterId, target.Credentials, life, cancellationToken);
            try
            {
                if (await Task.WhenAny(opening, life.Ended) == opening || opening.IsCompleted)
                {
                    connection = await opening;
                    return true;
                }
            }
            catch (ClusterException)
            {
                // It may have died just now; if it lives, there is nothing to try again.
                if (silo.IsSameSilo(share.FindLive())) throw;
            }

            life.Dispose();
        }
    }

    private async Task<SiloAnnouncement?> Find(TimeSpan wait, CancellationToken cancellationToken)
    {
        try
        {
            attachment ??= await Attach(target.Need);
            var starts = 0;
            var found = await finder.Find(attachment.Need, target.Start is { } start ? () => Start(start, ref starts) : null, wait, limit: target.Use == StateUse.Read ? SuccessorTime : null, cancellationToken);
            if (found is not null) Describe(found, starts > 0);
            return found;
        }
        catch (SiloStartException failure)
        {
            throw new ClusterException($"the silo on {target.State} {failure.Message}:\n{failure.LastWords}", failure);
        }
        catch (TimeoutException failure)
        {
            throw new ClusterException($"state = {target.State}: {failure.Message}", failure);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException && failure is not FileNotFoundException)
        {
            // Who may not write there, or has no room to, can still ask.
            if (attachment is null && target.Need.Slots == 0 && share.FindLive() is { } live) return live;
            throw new ClusterException($"state = {target.State}: must be a directory that can be written ({failure.Message})", failure);
        }
    }

    private IStartedSilo Start(SiloStart start, ref int starts)
    {
        starts++;
        console.WriteWhole($"starting a silo on {target.State}");
        return new SiloStarter(Path.GetFullPath(target.State), start, log).Start();
    }

    private void Describe(SiloAnnouncement found, bool isOurs)
    {
        if (target.Need.Slots > 0)
        {
            if (!isOurs) console.WriteWhole($"a silo runs on {target.State}");
            if (found.Page is { } page) console.WriteWhole($"live page: {page}");
        }

        if (!isOurs && target.Start?.Data is { } data && found.Attended && found.Data != Path.GetFullPath(data))
            console.WriteWhole($"data = {data}: not used; the silo on {target.State} was started {(found.Data is { } other ? $"with --data {other}" : "without --data")}");
    }

    private async Task<Attachment> Attach(Need need)
    {
        using var _ = await share.Enter(CancellationToken.None);
        return share.Add(need, NewId());
    }

    private void Leave()
    {
        life?.Dispose();
        connection = null;
    }
}
