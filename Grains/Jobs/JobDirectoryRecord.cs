using Basgd.Contracts;

namespace Basgd.Grains;

/// <summary>The directory as it is stored.</summary>
[GenerateSerializer, Alias("basgd.job-directory-record")]
public sealed class JobDirectoryRecord
{
    /// <summary>Ended jobs are shown for so long.</summary>
    internal static readonly TimeSpan ShowEnded = TimeSpan.FromDays(1);

    /// <summary>At most this many ended jobs are shown, the newest.</summary>
    internal const int MaxEnded = 100;

    [Id(0)] public Dictionary<string, JobPhase> Jobs { get; set; } = [];

    /// <summary>When a job ended. A job that ended while an older version kept the directory is missing.</summary>
    [Id(1)] public Dictionary<string, DateTimeOffset> EndedAt { get; set; } = [];

    /// <summary>Records a job's phase.</summary>
    /// <returns>False if nothing changes.</returns>
    internal bool Put(JobEntry entry, DateTimeOffset now)
    {
        if (Jobs.TryGetValue(entry.Name, out var phase) && phase == entry.Phase) return false;
        Jobs[entry.Name] = entry.Phase;
        if (IsEnd(entry.Phase)) EndedAt[entry.Name] = now;
        else EndedAt.Remove(entry.Name);
        foreach (var (name, _) in EndedAt.OrderByDescending(static ended => ended.Value).Skip(MaxEnded)) EndedAt.Remove(name);
        return true;
    }

    /// <summary>What metrics show: open jobs, and jobs that ended a short while ago with the time of their end.</summary>
    internal IReadOnlyList<(JobEntry Job, DateTimeOffset? Ended)> Shown() =>
    [
        .. Jobs.Where(job => !IsEnd(job.Value) || EndedAt.ContainsKey(job.Key))
            .Select(job => (new JobEntry(job.Key, job.Value), EndedAt.TryGetValue(job.Key, out var at) ? at : default(DateTimeOffset?))),
    ];

    private static bool IsEnd(JobPhase phase) => phase is JobPhase.Completed or JobPhase.Stopped or JobPhase.Failed;
}
