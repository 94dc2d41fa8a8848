namespace Basgd.Grains.Tests.Protocol.Simulation;

/// <summary>A clock that stands still until it jumps, backwards too.</summary>
internal sealed class JumpingClock : TimeProvider
{
    private DateTimeOffset now = DateTimeOffset.UnixEpoch + TimeSpan.FromDays(1);

    public override DateTimeOffset GetUtcNow() => now;

    public void Jump(TimeSpan by) => now += by;
}
