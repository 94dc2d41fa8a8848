namespace Basgd.Contracts.Attaching;

/// <summary>
/// The rules by which a silo and the commands that use it share a state directory. <c>silo.lock</c> is held by the silo while it
/// lives, <c>start.lock</c> by the command that starts one, <c>attach.lock</c> for moments in which needs and announcement must
/// agree: so nobody joins a silo that has just decided to end. <c>attached/</c> has a file for each need.
/// </summary>
public sealed class StateShare(ISharedFolder folder, TimeProvider time)
{
    private const string Attached = "attached";
    private const string AttachLock = "attach.lock";
    private const string StartLock = "start.lock";
    private const string SiloLock = "silo.lock";
    private const string Announcement = "silo.json";

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    /// <summary>Somebody who looks whether a lock is held keeps it from others for a moment.</summary>
    private static readonly TimeSpan HoldTime = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan EnterTime = TimeSpan.FromSeconds(30);

    /// <summary>Whether a silo has the directory, also one that starts or ends.</summary>
    public bool IsHeld => folder.IsLocked(SiloLock);

    /// <summary>Whether a command is starting a silo.</summary>
    public bool IsStarting => folder.IsLocked(StartLock);

    /// <summary>The silo that takes clients; null if there is none, or only what a killed one left behind. It may end unless asked between <see cref="Enter"/> and its end.</summary>
    public SiloAnnouncement? FindLive() => folder.Read(Announcement) is { } text && SiloAnnouncement.Parse(text) is { } announced && IsHeld ? announced : null;

    /// <summary>Takes part for a moment; dispose the answer soon.</summary>
    /// <exception cref="IOException">Somebody hangs in there.</exception>
    public async Task<IDisposable> Enter(CancellationToken cancellationToken) =>
        await Lock(AttachLock, EnterTime, cancellationToken) ?? throw new IOException($"another process has held {AttachLock} for {EnterTime.TotalSeconds} s");

    /// <summary>The right to start a silo; null if another command has it.</summary>
    public IDisposable? TryStart() => folder.TryLock(StartLock);

    /// <summary>Makes the directory a silo's own, and removes what a killed one left.</summary>
    /// <returns>Null if another silo has it.</returns>
    public async Task<IDisposable?> Hold(CancellationToken cancellationToken)
    {
        using var _ = await Enter(cancellationToken);
        var held = await Lock(SiloLock, HoldTime, cancellationToken);
        if (held is not null) folder.Delete(Announcement);
        return held;
    }

    /// <summary>For the silo that holds the directory.</summary>
    public void Announce(SiloAnnouncement silo) => folder.Write(Announcement, silo.ToJson());

    /// <summary>For the silo that holds the directory: nobody joins it from now on.</summary>
    public void Withdraw() => folder.Delete(Announcement);

    /// <summary>Has the silo live for a need. Call between <see cref="Enter"/> and its end.</summary>
    /// <param name="id">Tells it from others of the same need.</param>
    public Attachment Add(Need need, string id)
    {
        var name = $"{Attached}/{need.ToFileName(id)}";
        return new Attachment(need, name, folder.TryLock(name, isTemporary: true) ?? throw new IOException($"{name} is held by another process"));
    }

    /// <summary>Has the silo live and train a job until the job no longer runs.</summary>
    /// <param name="id">Tells it from what was kept of the same job before.</param>
    public void Keep(string job, int slots, string id) => folder.Write($"{Attached}/{new Need(Need.Kept, slots, job).ToFileName(id)}", "");

    /// <summary>The needs of those who are there. Removes what killed commands left; call between <see cref="Enter"/> and its end.</summary>
    public IReadOnlyList<(string File, Need Need)> Sweep()
    {
        List<(string, Need)> needs = [];
        foreach (var file in folder.List(Attached))
        {
            if (Need.FromFileName(file[(Attached.Length + 1)..]) is not { } need) continue;
            if (need.IsKept || folder.IsLocked(file)) needs.Add((file, need));
            else folder.Delete(file);
        }

        return needs;
    }

    /// <summary>Forgets a kept job.</summary>
    public void Remove(string file) => folder.Delete(file);

    private async Task<IDisposable?> Lock(string name, TimeSpan within, CancellationToken cancellationToken)
    {
        for (var began = time.GetTimestamp(); ; await Task.Delay(Pause, time, cancellationToken))
        {
            if (folder.TryLock(name) is { } held) return held;
            if (time.GetElapsedTime(began) > within) return null;
        }
    }
}

/// <summary>A need that is met while this is not disposed.</summary>
public sealed class Attachment(Need need, string file, IDisposable held) : IDisposable
{
    public Need Need => need;

    public string File => file;

    public void Dispose() => held.Dispose();
}
