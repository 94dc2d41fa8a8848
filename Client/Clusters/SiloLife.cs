using Basgd.Contracts.Attaching;

namespace Basgd.Client.Clusters;

/// <summary>Notices when the silo on a state directory is gone, and ends every call to it then: nobody waits for an answer that cannot come.</summary>
internal sealed class SiloLife : IOutgoingGrainCallFilter, IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(200);

    /// <summary>A connection closes before the locks of a dying process are released.</summary>
    private static readonly TimeSpan DyingTime = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource left = new();
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TimeProvider time;
    private readonly Func<string> describe;

    /// <param name="describe">Says which silo is gone, and why as far as that is known.</param>
    public SiloLife(StateShare share, SiloAnnouncement silo, TimeProvider time, Func<string> describe)
    {
        (this.time, this.describe) = (time, describe);
        _ = Watch(share, silo, left.Token);
    }

    public Task Ended => ended.Task;

    public async Task Invoke(IOutgoingGrainCallContext context)
    {
        var call = context.Invoke();
        if (await Task.WhenAny(call, ended.Task) != call)
        {
            _ = call.ContinueWith(static failed => failed.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
            throw Gone();
        }

        try
        {
            await call;
        }
        catch (Exception failure) when (failure is OrleansException or TimeoutException or IOException or ObjectDisposedException)
        {
            if (await Task.WhenAny(ended.Task, Task.Delay(DyingTime, time)) == ended.Task) throw Gone();
            throw;
        }
    }

    public SiloEndedException Gone() => new(describe());

    /// <summary>Stops looking; may be repeated.</summary>
    public void Dispose() => left.Cancel();

    private async Task Watch(StateShare share, SiloAnnouncement silo, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                if (!silo.IsSameSilo(share.FindLive()))
                {
                    ended.TrySetResult();
                    return;
                }
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                // The directory cannot be read: then the silo itself has to tell.
            }

            await Task.Delay(Period, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
