namespace Basgd.Contracts.Attaching;

/// <summary>
/// The life of a silo that a command started: it trains with as many slots as are asked for, and ends when neither a command nor a
/// job that was handed over needs it any more.
/// </summary>
/// <param name="give">Told how many workers the silo is to act as, when that changes.</param>
/// <param name="runningJobs">Names of the jobs that run.</param>
public sealed class AttendedSilo(StateShare share, TimeProvider time, Action<int> give, Func<Task<IReadOnlyList<string>>> runningJobs)
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(2);

    /// <summary>So long a directory that cannot be read is taken for as it was.</summary>
    private static readonly TimeSpan FaultTime = TimeSpan.FromSeconds(30);

    private SiloAnnouncement? announced;
    private IReadOnlyList<(string File, Need Need)> kept = [];
    private long worked = time.GetTimestamp();

    /// <summary>Announces the silo and keeps it until nobody needs it. Then the announcement is gone.</summary>
    /// <param name="announce">Told what is announced, when that changes.</param>
    /// <returns>Why it is to end.</returns>
    public async Task<string> Run(SiloAnnouncement silo, Action<SiloAnnouncement> announce, CancellationToken stopping)
    {
        while (true)
        {
            try
            {
                var done = await FindDone(stopping);
                using var _ = await share.Enter(stopping);
                foreach (var file in done) share.Remove(file);
                var needs = share.Sweep();
                kept = [.. needs.Where(static need => need.Need.IsKept)];
                if (needs.Count == 0)
                {
                    share.Withdraw();
                    return "nobody needs the silo any more";
                }

                var slots = (int)Math.Min(Need.MaxSlots, needs.Sum(static need => (long)need.Need.Slots));
                if (announced?.Slots != slots)
                {
                    give(slots);
                    share.Announce(announced = silo with { Slots = slots });
                    announce(announced);
                }

                worked = time.GetTimestamp();
            }
            catch (DirectoryNotFoundException)
            {
                return "the state directory is gone";
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                if (time.GetElapsedTime(worked) > FaultTime) return $"the state directory cannot be used ({failure.Message})";
            }

            await Task.Delay(Period, time, stopping);
        }
    }

    /// <summary>Files of kept jobs that do not run. A job that is kept again meanwhile has a file of another name.</summary>
    private async Task<IReadOnlyList<string>> FindDone(CancellationToken stopping)
    {
        if (kept.Count == 0) return [];
        try
        {
            var running = await runningJobs().WaitAsync(AnswerTime, time, stopping);
            return [.. kept.Where(need => !running.Contains(need.Need.Job)).Select(static need => need.File)];
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // Nobody knows: the next time will tell.
            return [];
        }
    }
}
