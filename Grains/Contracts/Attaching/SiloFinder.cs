namespace Basgd.Contracts.Attaching;

/// <summary>How a command comes to a silo on a state directory: it joins the one that lives, or one command starts one and the others wait for it.</summary>
public sealed class SiloFinder(StateShare share, TimeProvider time)
{
    /// <summary>The exit code of a silo that found another one on the directory.</summary>
    public const int OtherSiloHolds = 3;

    private const int MaxStarts = 3;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan StartTime = TimeSpan.FromMinutes(2);

    /// <summary>For a silo to take notice of a need.</summary>
    private static readonly TimeSpan NoticeTime = TimeSpan.FromSeconds(5);

    /// <summary>Attaches for a need and finds a silo.</summary>
    /// <param name="start">Starts a silo; null to join one only.</param>
    /// <param name="wait">How long to wait for a silo that nobody is starting, if none may be started.</param>
    /// <param name="limit">How long to wait for one that starts or ends; null for as long as that may take.</param>
    /// <returns>Null if there is no silo, and none may be started.</returns>
    /// <exception cref="SiloStartException">A silo that was started ended.</exception>
    /// <exception cref="TimeoutException">A silo has the directory and takes no clients.</exception>
    public async Task<SiloAnnouncement?> Find(Need need, Func<IStartedSilo>? start, TimeSpan wait, TimeSpan? limit, CancellationToken cancellationToken)
    {
        long? found = null;
        for (var began = time.GetTimestamp(); ; await Task.Delay(Pause, time, cancellationToken))
        {
            SiloAnnouncement? live;
            using (await share.Enter(cancellationToken)) live = share.FindLive();
            if (live is not null)
            {
                found ??= time.GetTimestamp();
                if (!live.Attended || live.Slots >= need.Slots || time.GetElapsedTime(found.Value) > NoticeTime) return live;
            }
            else if (start is not null)
            {
                if (share.TryStart() is { } starting)
                    using (starting) await Start(start, cancellationToken);
            }
            else if (time.GetElapsedTime(began) >= wait && (!(share.IsStarting || share.IsHeld) || time.GetElapsedTime(began) > limit))
            {
                return null;
            }

            if (time.GetElapsedTime(began) > 2 * StartTime) throw new TimeoutException($"no silo took clients within {2 * StartTime.TotalSeconds} s");
        }
    }

    /// <summary>Waits until an ending silo has released the directory, or until one that another command had begun to start takes clients; else starts one.</summary>
    private async Task Start(Func<IStartedSilo> start, CancellationToken cancellationToken)
    {
        IStartedSilo? started = null;
        var starts = 0;
        for (var began = time.GetTimestamp(); time.GetElapsedTime(began) < StartTime; await Task.Delay(Pause, time, cancellationToken))
        {
            using (await share.Enter(cancellationToken))
                if (share.FindLive() is not null) return;

            if (started?.ExitCode is { } code)
            {
                if (code != OtherSiloHolds && (starts == MaxStarts || !WasEnded(code))) throw new SiloStartException($"ended while it started, with exit code {code}", started.LastWords);
                started = null;
            }

            if (started is not null || share.IsHeld) continue;
            started = start();
            starts++;
        }

        throw started is null
            ? new TimeoutException($"a silo holds the directory, and has not taken clients within {StartTime.TotalSeconds} s")
            : new SiloStartException($"was not ready after {StartTime.TotalSeconds} s", started.LastWords);
    }

    /// <summary>Somebody asked it to end, or killed it: it had no mistake of its own to end for.</summary>
    private static bool WasEnded(int exitCode) => exitCode is 0 or 128 + 9 or 128 + 15;
}

/// <summary>A silo that was started.</summary>
public interface IStartedSilo
{
    /// <summary>Null while it runs.</summary>
    int? ExitCode { get; }

    /// <summary>What it printed last.</summary>
    string LastWords { get; }
}

/// <summary>A silo was started and takes no clients.</summary>
/// <param name="lastWords">What it printed last.</param>
public sealed class SiloStartException(string message, string lastWords) : Exception(message)
{
    public string LastWords => lastWords;
}
