using System.Collections.Concurrent;

namespace Basgd.Grains;

/// <summary>Jobs whose workload fails on this silo: why, and how long the silo leaves each alone. Thread-safe.</summary>
public sealed class JobObstacles(TimeProvider time)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MaxPause = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, Entry> entries = new();

    /// <summary>Whether a failure lies with the workload on its silo, which will not have changed in a moment. What lies with the cluster passes.</summary>
    public static bool IsOfWorkload(Exception failure) => failure is not (TimeoutException or OrleansException or OperationCanceledException);

    /// <summary>The jobs that are left alone now, each with the reason.</summary>
    public IReadOnlyDictionary<string, string> Current => entries.Where(entry => IsPaused(entry.Value)).ToDictionary(static entry => entry.Key, static entry => entry.Value.Reason);

    /// <summary>Whether the job is left alone.</summary>
    public bool Has(string job) => entries.TryGetValue(job, out var entry) && IsPaused(entry);

    /// <summary>Leaves the job alone for a second, and for twice as long each time it fails again, up to a minute.</summary>
    /// <returns>How long; null if it is left alone already, as when several of its workers fail at once.</returns>
    public TimeSpan? Record(string job, string reason)
    {
        TimeSpan? pause = FirstPause;
        entries.AddOrUpdate(
            job,
            _ => new Entry(reason, FirstPause, time.GetUtcNow() + FirstPause),
            (_, known) =>
            {
                pause = IsPaused(known) ? null : TimeSpan.FromTicks(Math.Min(2 * known.Pause.Ticks, MaxPause.Ticks));
                return pause is { } next ? new Entry(reason, next, time.GetUtcNow() + next) : known;
            });
        return pause;
    }

    /// <summary>The job's workload works.</summary>
    public void Clear(string job) => entries.TryRemove(job, out _);

    private bool IsPaused(Entry entry) => time.GetUtcNow() < entry.Until;

    private sealed record Entry(string Reason, TimeSpan Pause, DateTimeOffset Until);
}
