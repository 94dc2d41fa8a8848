namespace Basgd.Protocol;

/// <summary>Which buffers are full for the round of the current step, and for the one after it, which fills while the step is made.</summary>
public sealed class RoundTracker(int buffers)
{
    private readonly HashSet<int> now = [];
    private readonly HashSet<int> next = [];
    private long round;

    /// <summary>B.</summary>
    public int Buffers => buffers;

    /// <summary>Buffers that the round waits for.</summary>
    public int Empty => buffers - now.Count;

    /// <summary>Whether every buffer can be sealed.</summary>
    public bool AllFull => now.Count == buffers;

    /// <summary>Whether the round has begun to fill.</summary>
    public bool AnyFull => now.Count > 0;

    /// <summary>Notes that a buffer holds a gradient of the round. Rounds gone by or further ahead are ignored.</summary>
    public void Full(int buffer, long ofRound)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(buffer);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(buffer, buffers);
        if (ofRound == round) now.Add(buffer);
        else if (ofRound == round + 1) next.Add(buffer);
    }

    /// <summary>A buffer came back without what it had.</summary>
    public void NotFull(int buffer)
    {
        now.Remove(buffer);
        next.Remove(buffer);
    }

    /// <summary>The step is made: what filled meanwhile counts for the new round.</summary>
    public void Advance()
    {
        round++;
        now.Clear();
        now.UnionWith(next);
        next.Clear();
    }

    /// <summary>Starts over: nothing is full.</summary>
    public void Restart(long atRound)
    {
        round = atRound;
        now.Clear();
        next.Clear();
    }
}
