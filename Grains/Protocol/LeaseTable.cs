using Basgd.Contracts;

namespace Basgd.Protocol;

/// <summary>
/// Who acts as which worker. A silo gets at most the fair share of the workers: the smallest number such that all are leased when
/// every silo has that many, or fewer where it has fewer slots. It gives back what is above it when it next renews while another
/// silo goes short: so a silo that joins takes part within one renewal.
/// </summary>
public sealed class LeaseTable(int workers, TimeSpan duration, TimeProvider time)
{
    private readonly Entry?[] leases = new Entry?[workers];
    private readonly Dictionary<string, DateTimeOffset> seenAt = [];
    private readonly Dictionary<string, (int Slots, DateTimeOffset At)> askedFor = [];
    private readonly HashSet<string> goingShort = [];

    /// <summary>How long a lease lasts without renewal.</summary>
    public TimeSpan Duration => duration;

    /// <summary>Grants up to <paramref name="wanted"/> free workers.</summary>
    public IReadOnlyList<(int Worker, Guid Id)> Acquire(string silo, int wanted)
    {
        var now = Notice(silo);
        var held = Held(silo, now);
        askedFor[silo] = (held + wanted, now);
        var limit = Math.Min(wanted, FairShare(now) - held);
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

    /// <summary>Takes back the leases of silos that are known to be dead, and counts them no more.</summary>
    public void Forget(Func<string, bool> isDead)
    {
        for (var worker = 0; worker < workers; worker++)
            if (leases[worker] is { } entry && isDead(entry.Silo)) leases[worker] = null;
        foreach (var silo in seenAt.Keys.Where(isDead)) Forget(silo);
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
        seenAt[silo] = now;
        foreach (var (other, at) in seenAt)
            if (now - at > duration) Forget(other);

        return now;
    }

    private void Forget(string silo)
    {
        seenAt.Remove(silo);
        askedFor.Remove(silo);
        goingShort.Remove(silo);
    }

    private int FairShare(DateTimeOffset now)
    {
        var left = workers;
        var silos = seenAt.Count;
        foreach (var slots in seenAt.Keys.Select(silo => Slots(silo, now)).Order())
        {
            var share = (left + silos - 1) / silos;
            if (slots >= share) return share;
            left -= slots;
            silos--;
        }

        return workers;
    }

    /// <summary>What a silo could hold as far as is known: one whose slots are all taken, perhaps by another job, does not ask.</summary>
    private int Slots(string silo, DateTimeOffset now)
    {
        var held = Held(silo, now);
        return askedFor.TryGetValue(silo, out var asked) && now - asked.At <= duration ? Math.Max(held, asked.Slots) : held;
    }

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
