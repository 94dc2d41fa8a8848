using System.Collections.Concurrent;
using System.Numerics;
using Basgd.Contracts;
using Basgd.Learning;
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
    WorkloadRegistry registry,
    IComputeDevices devices,
    JobObstacles obstacles,
    WorkerCapacity capacity,
    IOptions<WorkerOptions> options,
    TimeProvider time,
    ILogger<WorkerPump> logger) : BackgroundService
{
    /// <summary>Longest pause between looks that fail: so soon a server silo that comes, or comes back, is noticed.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    /// <summary>The directory keeps reports in memory only, so one that does not change is made again.</summary>
    private static readonly TimeSpan ReportEvery = TimeSpan.FromSeconds(5);

    private readonly IReadOnlyList<WorkloadName> workloads = registry.Names;
    private readonly ConcurrentDictionary<(string Job, int Worker), Task> slots = new();
    private readonly HashSet<string> running = [];
    private (SiloReport Report, long At)? reported;

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

        await Task.WhenAll(slots.Values);
    }

    private async Task Look(CancellationToken stopping)
    {
        if (capacity.Slots == 0 && slots.IsEmpty && running.Count == 0)
        {
            await Report();
            return;
        }

        var jobs = (await grains.GetGrain<IJobDirectoryGrain>(0).List()).Where(job => job.Phase == JobPhase.Running).Select(job => job.Name).ToHashSet();
        foreach (var ended in running.Except(jobs)) pool.Retire(ended);
        running.Clear();
        running.UnionWith(jobs);

        await Report();
        foreach (var job in jobs.Where(job => !obstacles.Has(job)))
        {
            var wanted = capacity.Slots - slots.Count;
            if (wanted <= 0 || stopping.IsCancellationRequested) return;
            foreach (var lease in await grains.GetGrain<ILeaseGrain>(job).Acquire(Address, wanted)) Start(lease, stopping);
        }
    }

    /// <summary>Says what the silo can run, so that only such leases are given to it.</summary>
    private async Task Report()
    {
        var report = new SiloReport(Address, capacity.Slots, slots.Count, devices.Names, workloads) { Failing = obstacles.Current };
        if (reported is { } last && report.IsSame(last.Report) && time.GetElapsedTime(last.At) < ReportEvery) return;
        reported = (report, time.GetTimestamp());
        try
        {
            await grains.GetGrain<ISiloDirectoryGrain>(0).Report(report);
        }
        catch (Exception failure)
        {
            // A directory of an earlier version takes no reports: it has silos run what they can.
            LogReportFailed(failure);
        }
    }

    private void Start(Lease lease, CancellationToken stopping)
    {
        var key = (lease.Spec.EffectiveName, lease.Worker);
        var slot = new WorkerSlot(grains, Address, lease, () => obstacles.Clear(lease.Spec.EffectiveName), time);
        slots[key] = Task.Run(
            async () =>
            {
                try
                {
                    await slot.Run(stopping);
                }
                catch (Exception failure)
                {
                    Record(failure, key.EffectiveName, key.Worker);
                }
                finally
                {
                    slots.TryRemove(key, out _);
                }
            },
            CancellationToken.None);
    }

    private void Record(Exception failure, string job, int worker)
    {
        if (!JobObstacles.IsOfWorkload(failure)) LogSlotFailed(failure, job, worker);
        else if (obstacles.Record(job, Reason(failure)) is { } pause) LogCannotRun(job, pause.TotalSeconds, obstacles.Current.GetValueOrDefault(job, ""));
    }

    /// <summary>In one line.</summary>
    private static string Reason(Exception failure) => string.Join(' ', failure.GetBaseException().Message.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));

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

    [LoggerMessage(Level = LogLevel.Warning, Message = "Found nobody to ask for work, {Failures} times by now ({Reason}); trying again")]
    private partial void LogLookFailed(int failures, string reason);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Cannot report to the silo directory. Reporting again in a few seconds.")]
    private partial void LogReportFailed(Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Cannot run {Job} on this silo, so it asks for the job's workers again only in {Seconds} s: {Reason}")]
    private partial void LogCannotRun(string job, double seconds, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Worker {Worker} of {Job} stopped; its lease goes back")]
    private partial void LogSlotFailed(Exception exception, string job, int worker);
}
