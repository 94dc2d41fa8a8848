using Basgd.Contracts;

namespace Basgd.Protocol;

/// <summary>
/// Who acts as which worker. A silo gets at most its fair share of the workers, ⌈m / silos that asked lately⌉, and gives back
/// what is above it when it next renews while another silo goes short: so a silo that joins takes part within one renewal.
/// </summary>
public sealed class LeaseTable(int workers, TimeSpan duration, TimeProvider time)
{
    private readonly Entry?[] leases = new Entry?[workers];
    private readonly Dictionary<string, DateTimeOffset> askedAt = [];
    private readonly HashSet<string> goingShort = [];

    /// <summary>How long a lease lasts without renewal.</summary>
    public TimeSpan Duration => duration;

    /// <summary>Grants up to <paramref name="wanted"/> free workers.</summary>
    public IReadOnlyList<(int Worker, Guid Id)> Acquire(string silo, int wanted)
    {
        var now = Notice(silo);
        var limit = Math.Min(wanted, FairShare(now) - Held(silo, now));
        List<(int, Guid)> granted = [];
        for (var worker = 0; worker < workers && granted.Count < limit; worker++)
        {
            if (IsHeld(worker, now)) continue;
            var entry = new Entry(silo, Guid.NewGuid(), now + duration);
            leases[worker] = entry;
            granted.Add((worker, entry.Id));
        }

        if (granted.Count < limit) goingShort.Add(silo);
        else goingShort.Remove(silo);
        return granted;
    }

    /// <summary>Prolongs a lease; takes an unknown one back in where nobody else has the worker, as after a restart of the table.</summary>
    public bool Renew(string silo, int worker, Guid id)
    {
        if (worker < 0 || worker >= workers) return false;
        var now = Notice(silo);
        if (IsHeld(worker, now) && leases[worker]!.Id != id) return false;
        if (goingShort.Any(other => other != silo) && Held(silo, now) > FairShare(now))
        {
            Release(worker, id);
            return false;
        }

        leases[worker] = new Entry(silo, id, now + duration);
        return true;
    }

    /// <summary>Gives a lease back. One that is not held any more changes nothing.</summary>
    public void Release(int worker, Guid id)
    {
        if (worker >= 0 && worker < workers && leases[worker]?.Id == id) leases[worker] = null;
    }

    /// <summary>Takes every lease back.</summary>
    public void Clear() => Array.Clear(leases);

    /// <summary>The leases in force.</summary>
    public IReadOnlyList<LeaseStatus> Status()
    {
        var now = time.GetUtcNow();
        return
        [
            .. Enumerable.Range(0, workers)
                .Where(worker => IsHeld(worker, now))
                .Select(worker => new LeaseStatus(worker, leases[worker]!.Silo, leases[worker]!.Expires)),
        ];
    }

    private DateTimeOffset Notice(string silo)
    {
        var now = time.GetUtcNow();
        askedAt[silo] = now;
        foreach (var (other, at) in askedAt)
        {
            if (now - at <= duration) continue;
            askedAt.Remove(other);
            goingShort.Remove(other);
        }

        return now;
    }

    private int FairShare(DateTimeOffset now) => (workers + askedAt.Count - 1) / Math.Max(askedAt.Count, 1);

    private int Held(string silo, DateTimeOffset now)
    {
        var held = 0;
        for (var worker = 0; worker < workers; worker++)
            if (IsHeld(worker, now) && leases[worker]!.Silo == silo) held++;
        return held;
    }

    private bool IsHeld(int worker, DateTimeOffset now) => leases[worker] is { } entry && entry.Expires > now;

    private sealed record Entry(string Silo, Guid Id, DateTimeOffset Expires);
}
