namespace Basgd.Grains;

/// <summary>Events per second over the last few seconds, from a counter that is read now and then.</summary>
public sealed class RateMeter(TimeSpan window)
{
    private readonly Queue<(DateTimeOffset At, long Count)> readings = new();

    /// <summary>0 before the second reading.</summary>
    public double PerSecond { get; private set; }

    public void Read(DateTimeOffset now, long count)
    {
        readings.Enqueue((now, count));
        while (readings.Count > 2 && now - readings.Peek().At > window) readings.Dequeue();
        var (at, first) = readings.Peek();
        PerSecond = now > at ? (count - first) / (now - at).TotalSeconds : 0;
    }

    public void Reset()
    {
        readings.Clear();
        PerSecond = 0;
    }
}
