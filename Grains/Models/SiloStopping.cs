namespace Basgd.Grains;

/// <summary>
/// Tells the models of a silo that it stops, before it deactivates its grains: no step begins then. A model and its buffers are
/// deactivated side by side, and what one asked of another would look for a silo in vain where there is no other.
/// </summary>
public sealed class SiloStopping : ILifecycleParticipant<ISiloLifecycle>, IDisposable
{
    private readonly CancellationTokenSource source = new();

    /// <summary>Cancelled as soon as the silo begins to stop.</summary>
    public CancellationToken Token => source.Token;

    /// <inheritdoc/>
    public void Participate(ISiloLifecycle lifecycle)
    {
        ArgumentNullException.ThrowIfNull(lifecycle);
        lifecycle.Subscribe(nameof(SiloStopping), ServiceLifecycleStage.Active, static _ => Task.CompletedTask, _ => source.CancelAsync());
    }

    public void Dispose() => source.Dispose();
}
