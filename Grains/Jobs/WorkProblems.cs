using Basgd.Contracts;

namespace Basgd.Grains;

/// <summary>What keeps the worker silos from a job's work, as they say themselves.</summary>
public sealed class WorkProblems(TimeProvider time)
{
    /// <summary>A silo that is in trouble reports at least twice as often.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(2);

    private readonly Dictionary<string, Entry> problems = [];
    private readonly Dictionary<string, DateTimeOffset> seenAt = [];

    /// <summary>When a silo was last heard of; null for never.</summary>
    public DateTimeOffset? HeardAt { get; private set; }

    /// <summary>The newest problem, in one line; null if no silo has one.</summary>
    public string? Newest => Current().OrderByDescending(static entry => entry.Value.At).FirstOrDefault() is { Value: { } newest } entry
        ? $"{newest.Problem.Reason} (silo {entry.Key}); trying again"
        : null;

    /// <summary>The silo asked for work, or does some.</summary>
    public void Hear(string silo)
    {
        HeardAt = time.GetUtcNow();
        seenAt[silo] = HeardAt.Value;
    }

    /// <param name="problem">Null if the silo works again.</param>
    public void Report(string silo, WorkProblem? problem)
    {
        Hear(silo);
        if (problem is null)
        {
            problems.Remove(silo);
            return;
        }

        var before = problems.GetValueOrDefault(silo);
        var now = time.GetUtcNow();
        problems[silo] = new Entry(problem, before?.Problem.IsLasting == problem.IsLasting ? before.Since : now, now);
    }

    /// <summary>Silos that are known to be dead have no problems.</summary>
    public void Remove(Func<string, bool> isDead)
    {
        foreach (var silo in seenAt.Keys.Where(isDead).ToArray())
        {
            seenAt.Remove(silo);
            problems.Remove(silo);
        }
    }

    public void Clear()
    {
        problems.Clear();
        seenAt.Clear();
        HeardAt = null;
    }

    /// <summary>Why the job cannot go on: every silo that asks for work has had a lasting problem for a while. Null while there is hope.</summary>
    /// <param name="within">How long a silo that does not ask any more is waited for, and how long a problem must last.</param>
    public string? Hopeless(TimeSpan within)
    {
        var now = time.GetUtcNow();
        var current = Current().ToDictionary();
        if (current.Count == 0 || current.Values.Any(entry => !entry.Problem.IsLasting || now - entry.Since < within)) return null;
        if (seenAt.Any(silo => now - silo.Value <= within && !current.ContainsKey(silo.Key))) return null;
        var newest = current.Values.MaxBy(static entry => entry.At)!;
        return $"{newest.Problem.Reason} ({(current.Count == 1 ? $"silo {current.Keys.Single()}" : $"on all {current.Count} worker silos")})";
    }

    private IEnumerable<KeyValuePair<string, Entry>> Current()
    {
        var now = time.GetUtcNow();
        return problems.Where(entry => now - entry.Value.At <= Lifetime);
    }

    private sealed record Entry(WorkProblem Problem, DateTimeOffset Since, DateTimeOffset At);
}
