using System.Collections.Concurrent;
using System.Numerics;
using Basgd.Contracts;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Basgd.Grains;

/// <summary>
/// Each worker silo's drive: leases workers from running jobs and keeps a slot turning for each. Scaling out is starting a silo.
/// On shutdown every slot finishes the gradient it is at and gives its lease back.
/// </summary>
public sealed partial class WorkerPump(
    IGrainFactory grains,
    ILocalSiloDetails silo,
    LearnerPool pool,
    WorkerCapacity capacity,
    IOptions<WorkerOptions> options,
    TimeProvider time,
    ILogger<WorkerPump> logger) : BackgroundService
{
    /// <summary>Longest pause between looks that fail: so soon a server silo that comes, or comes back, is noticed.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<(string Job, int Worker), RunningSlot> slots = new();
    private readonly HashSet<string> running = [];

    private string Address => silo.SiloAddress.ToString();

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.LookEvery, time);
        var failures = 0;
        do
        {
            try
            {
                await Look(stoppingToken);
                if (failures > 0) (failures, timer.Period) = (0, options.Value.LookEvery);
            }
            catch (Exception failure) when (failure is TimeoutException or OrleansException or ArgumentException)
            {
                // ArgumentException: no silo is known yet that has the grains asked for. Said less and less often.
                if (BitOperations.IsPow2(++failures)) LogLookFailed(failures, failure.GetBaseException().Message);
                if (timer.Period < LongestPause) timer.Period = TimeSpan.FromTicks(Math.Min(2 * timer.Period.Ticks, LongestPause.Ticks));
            }
        }
        while (await Next(timer, stoppingToken));

        await Task.WhenAll(slots.Values.Select(static slot => slot.Run));
    }

    private async Task Look(CancellationToken stopping)
    {
        EndSurplus();
        if (capacity.Slots == 0 && slots.IsEmpty && running.Count == 0) return;
        var jobs = (await grains.GetGrain<IJobDirectoryGrain>(0).List()).Where(job => job.Phase == JobPhase.Running).Select(job => job.Name).ToHashSet();
        foreach (var ended in running.Except(jobs)) pool.Retire(ended);
        running.Clear();
        running.UnionWith(jobs);

        foreach (var job in jobs)
        {
            var wanted = capacity.Slots - slots.Count;
            if (wanted <= 0 || stopping.IsCancellationRequested) return;
            foreach (var lease in await grains.GetGrain<ILeaseGrain>(job).Acquire(Address, wanted)) Start(lease, stopping);
        }
    }

    private void Start(Lease lease, CancellationToken stopping)
    {
        var key = (lease.Spec.EffectiveName, lease.Worker);
        var slot = new WorkerSlot(grains, Address, lease, time);
        var end = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        slots[key] = new RunningSlot(end, Task.Run(
            async () =>
            {
                try
                {
                    await slot.Run(end.Token);
                }
                catch (Exception failure)
                {
                    LogSlotFailed(failure, key.EffectiveName, key.Worker);
                }
                finally
                {
                    slots.TryRemove(key, out _);
                    end.Dispose();
                }
            },
            CancellationToken.None));
    }

    /// <summary>Has slots finish their gradients and give their leases back if there is no longer room for them.</summary>
    private void EndSurplus()
    {
        foreach (var slot in slots.Values.Skip(capacity.Slots)) slot.Stop();
    }

    private static async Task<bool> Next(PeriodicTimer timer, CancellationToken stopping)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stopping);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private sealed record RunningSlot(CancellationTokenSource End, Task Run)
    {
        public void Stop()
        {
            try
            {
                End.Cancel();
            }
            catch (ObjectDisposedException)
            {
                // It has just ended.
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Found nobody to ask for work, {Failures} times by now ({Reason}); trying again")]
    private partial void LogLookFailed(int failures, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Worker {Worker} of {Job} stopped; its lease goes back")]
    private partial void LogSlotFailed(Exception exception, string job, int worker);
}
