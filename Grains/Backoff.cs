namespace Basgd.Grains;

/// <summary>Pauses that double with each failure, up to a limit, until something succeeds. Thread-safe.</summary>
public sealed class Backoff(TimeProvider time, TimeSpan first)
{
    /// <summary>The longest pause after a failure that somebody must mend, or that costs much each time, such as data or a model that cannot be read.</summary>
    public static readonly TimeSpan MaxPause = TimeSpan.FromSeconds(30);

    /// <summary>The longest pause after a failure of the cluster, or of a storage that does not answer: work goes on soon after it is over.</summary>
    public static readonly TimeSpan MaxClusterPause = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();
    private TimeSpan pause;
    private DateTimeOffset until;

    /// <summary>Whether the pause is over, or there is none.</summary>
    public bool IsOver
    {
        get
        {
            lock (gate) return time.GetUtcNow() >= until;
        }
    }

    /// <summary>Begins the next pause. Does nothing during one: what failed meanwhile was begun before.</summary>
    /// <param name="max">The longest pause after a failure of this kind.</param>
    /// <returns>Whether a pause began.</returns>
    public bool Fail(TimeSpan max)
    {
        lock (gate)
        {
            var now = time.GetUtcNow();
            if (now < until) return false;
            pause = pause == default ? first : pause + pause;
            if (pause > max) pause = max;
            until = now + pause;
            return true;
        }
    }

    /// <summary>The next failure begins with the first pause again.</summary>
    public void Succeed()
    {
        lock (gate) (pause, until) = (default, default);
    }
}
