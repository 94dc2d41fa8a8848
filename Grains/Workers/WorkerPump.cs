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

    private readonly ConcurrentDictionary<(string Job, int Worker), Task> slots = new();
    private readonly HashSet<string> running = [];

    /// <summary>Jobs whose workers stopped because no server silo had their grains: said once, until one works again.</summary>
    private readonly ConcurrentDictionary<string, bool> lost = new();

    private string Address => silo.SiloAddress.ToString();

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.LookEvery, time);
        var failures = 0;
        var hasServer = false;
        do
        {
            try
            {
                await Look(stoppingToken);
                if (failures > 0) (failures, timer.Period) = (0, options.Value.LookEvery);
                hasServer = true;
            }
            catch (Exception failure) when (failure is TimeoutException or OrleansException or ArgumentException)
            {
                LogFailure(failure, ++failures, hasServer);
                if (timer.Period < LongestPause) timer.Period = TimeSpan.FromTicks(Math.Min(2 * timer.Period.Ticks, LongestPause.Ticks));
            }
        }
        while (await Next(timer, stoppingToken));

        await Task.WhenAll(slots.Values);
    }

    private void LogFailure(Exception failure, int failures, bool hadServer)
    {
        if (failure is ArgumentException)
        {
            // No silo is known that has the grains asked for.
            if (failures > 1) return;
            if (hadServer) LogNoServerLeft();
            else LogNoServerYet();
        }
        else if (BitOperations.IsPow2(failures))
        {
            // Said less and less often.
            LogLookFailed(failures, failure.GetBaseException().Message);
        }
    }

    private async Task Look(CancellationToken stopping)
    {
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
        slots[key] = Task.Run(
            async () =>
            {
                try
                {
                    await slot.Run(stopping);
                    lost.TryRemove(key.EffectiveName, out _);
                }
                catch (Exception gone) when (gone is ArgumentException { InnerException: null } or SiloUnavailableException)
                {
                    if (lost.TryAdd(key.EffectiveName, true)) LogServerLost(key.EffectiveName);
                }
                catch (Exception failure)
                {
                    LogSlotFailed(failure, key.EffectiveName, key.Worker);
                }
                finally
                {
                    slots.TryRemove(key, out _);
                }
            },
            CancellationToken.None);
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

    [LoggerMessage(Level = LogLevel.Warning, Message = "Cannot ask for work ({Failures} failures): {Reason}. Retrying.")]
    private partial void LogLookFailed(int failures, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "No server silo has joined yet. Retrying.")]
    private partial void LogNoServerYet();

    [LoggerMessage(Level = LogLevel.Warning, Message = "No server silo is left. Retrying until one joins.")]
    private partial void LogNoServerLeft();

    [LoggerMessage(Level = LogLevel.Warning, Message = "The server silo of {Job} is gone. Its workers here go on once another one has the job.")]
    private partial void LogServerLost(string job);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Worker {Worker} of {Job} stopped; its lease goes back")]
    private partial void LogSlotFailed(Exception exception, string job, int worker);
}
