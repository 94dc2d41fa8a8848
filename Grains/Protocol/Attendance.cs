using Basgd.Contracts;

namespace Basgd.Protocol;

/// <summary>When each worker's contributions last went into a step.</summary>
public sealed class Attendance(TimeProvider time)
{
    private readonly Dictionary<int, DateTimeOffset> heard = [];

    /// <summary>Notes whose contributions a step is made of.</summary>
    public void Note(IEnumerable<SealedRound> seals)
    {
        var now = time.GetUtcNow();
        foreach (var contribution in seals.SelectMany(static seal => seal.Contributions)) heard[contribution.Worker] = now;
    }

    /// <summary>Workers heard within the last so many seconds, which may be infinite.</summary>
    public IReadOnlySet<int> Within(double seconds)
    {
        var now = time.GetUtcNow();
        return heard.Where(entry => (now - entry.Value).TotalSeconds <= seconds).Select(static entry => entry.Key).ToHashSet();
    }
}
