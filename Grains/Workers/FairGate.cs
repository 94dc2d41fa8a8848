namespace Basgd.Grains;

/// <summary>
/// So many holders at once; who waits is let in by start-time fair queueing (Goyal, Vin and Cheng, SIGCOMM 1996). First come,
/// first served would send a worker that comes back from waiting for its step behind all that did not wait, and its buffer,
/// empty until then, would hold up the round.
/// </summary>
public sealed class FairGate(int places)
{
    private readonly Lock gate = new();
    private readonly PriorityQueue<TaskCompletionSource, (long Start, long Arrival)> waiting = new();
    private readonly Dictionary<string, long> finish = [];
    private int free = places;
    private long now;
    private long arrivals;

    /// <summary>Waits for a place. Give it back with <see cref="Leave"/>.</summary>
    /// <param name="who">Whoever shares the places fairly with the others.</param>
    /// <param name="cancellation">Ends the waiting; without effect once the place is there.</param>
    /// <exception cref="OperationCanceledException">There was no place in time.</exception>
    public Task Enter(string who, CancellationToken cancellation = default)
    {
        lock (gate)
        {
            var start = Math.Max(now, finish.GetValueOrDefault(who));
            finish[who] = start + 1;
            if (free > 0)
            {
                free--;
                now = Math.Max(now, start);
                return Task.CompletedTask;
            }

            var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            waiting.Enqueue(turn, (start, arrivals++));
            return cancellation.CanBeCanceled ? Wait(turn, cancellation) : turn.Task;
        }
    }

    /// <summary>Gives a place back, to whoever is next.</summary>
    public void Leave()
    {
        lock (gate)
        {
            while (waiting.TryDequeue(out var turn, out var priority))
            {
                // Not where whoever waited has gone.
                if (!turn.TrySetResult()) continue;
                now = Math.Max(now, priority.Start);
                return;
            }

            free++;
        }
    }

    private static async Task Wait(TaskCompletionSource turn, CancellationToken cancellation)
    {
        using (cancellation.Register(() => turn.TrySetCanceled(cancellation))) await turn.Task;
    }

    /// <summary>Forgets who shared: for names that do not come again.</summary>
    public void Forget(Func<string, bool> who)
    {
        lock (gate)
        {
            foreach (var name in finish.Keys.Where(who).ToList()) finish.Remove(name);
        }
    }
}
