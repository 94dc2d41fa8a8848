namespace Basgd.Client.Tests.Attaching;

/// <summary>Runs everything on one thread in virtual time, in an order that only the seed decides.</summary>
internal sealed class VirtualTime(Random random) : TimeProvider
{
    private readonly PriorityQueue<Action, (long Due, long Order)> queue = new();
    private long now;
    private long order;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public TimeSpan Elapsed => TimeSpan.FromTicks(now);

    public override long GetTimestamp() => now;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Runs an action later.</summary>
    public void After(TimeSpan delay, Action action) => queue.Enqueue(action, (now + delay.Ticks, order++));

    /// <summary>Runs what there is to run until nothing is left, or a time is over.</summary>
    public void Run(TimeSpan until)
    {
        var before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(new Context(this));
        try
        {
            while (queue.TryPeek(out var next, out var at) && at.Due <= until.Ticks)
            {
                queue.Dequeue();
                now = Math.Max(now, at.Due);
                next();
            }
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    private void Soon(Action action)
    {
        // A process gets a processor some time.
        After(TimeSpan.FromTicks(random.Next((int)TimeSpan.TicksPerMillisecond)), action);
    }

    private sealed class Context(VirtualTime time) : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object? state) => time.Soon(() => d(state));

        public override void Send(SendOrPostCallback d, object? state) => d(state);

        public override SynchronizationContext CreateCopy() => this;
    }

    private sealed class Timer(VirtualTime time, TimerCallback callback, object? state) : ITimer
    {
        private int version;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            var set = ++version;
            if (dueTime != Timeout.InfiniteTimeSpan)
                time.After(dueTime, () =>
                {
                    if (set == version) callback(state);
                });
            return true;
        }

        public void Dispose() => version++;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
