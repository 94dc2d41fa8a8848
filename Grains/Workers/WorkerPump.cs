using System.Collections.Concurrent;
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
    WorkerCapacity capacity,
    IOptions<WorkerOptions> options,
    TimeProvider time,
    ILogger<WorkerPump> logger) : BackgroundService
{
    /// <summary>The longest pause between polls that fail, so that a server silo that comes, or comes back, is noticed soon.</summary>
    private static readonly TimeSpan MaxPause = TimeSpan.FromSeconds(2);

    /// <summary>The directory keeps reports in memory only, so one that does not change is made again.</summary>
    private static readonly TimeSpan ReportEvery = TimeSpan.FromSeconds(5);

    private readonly IReadOnlyList<WorkloadName> workloads = registry.Names;
    private readonly ConcurrentDictionary<(string Job, int Worker), RunningSlot> slots = new();
    private readonly ConcurrentDictionary<string, JobTroubles> troubles = new();
    private readonly RepeatedProblem said = new();
    private readonly HashSet<string> running = [];
    private (SiloReport Report, long At)? reported;

    private string Address => silo.SiloAddress.ToString();

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.LookEvery, time);
        var hadServer = false;
        do
        {
            try
            {
                await Look(stoppingToken);
                said.Clear();
                hadServer = true;
                if (timer.Period != options.Value.LookEvery) timer.Period = options.Value.LookEvery;
            }
            catch (Exception failure)
            {
                LogFailure(failure, hadServer);
                if (timer.Period < MaxPause) timer.Period = TimeSpan.FromTicks(Math.Min(2 * timer.Period.Ticks, MaxPause.Ticks));
            }
        }
        while (await Next(timer, stoppingToken));

        await Task.WhenAll(slots.Values.Select(static slot => slot.Run));
    }

    private void LogFailure(Exception failure, bool hadServer)
    {
        var reason = FailureReason.From(failure);
        if (!said.IsNews(reason, out var times)) return;
        if (failure is not ArgumentException) LogLookFailed(times, reason);
        else if (times == 1 && hadServer) LogNoServerLeft();
        else if (times == 1) LogNoServerYet();
    }

    private async Task Look(CancellationToken stopping)
    {
        EndSurplus();
        if (capacity.Slots == 0 && slots.IsEmpty && running.Count == 0)
        {
            await Report();
            return;
        }

        var jobs = (await grains.GetGrain<IJobDirectoryGrain>(0).List()).Where(job => job.Phase == JobPhase.Running).Select(job => job.Name).ToHashSet();
        foreach (var ended in running.Except(jobs))
        {
            pool.Retire(ended);
            troubles.TryRemove(ended, out _);
        }

        running.Clear();
        running.UnionWith(jobs);

        await Report();
        foreach (var job in jobs)
        {
            var wanted = capacity.Slots - slots.Count;
            if (wanted <= 0 || stopping.IsCancellationRequested) return;
            var trouble = troubles.GetOrAdd(job, _ => new JobTroubles(time, options.Value.LookEvery));
            if (trouble.MayTry) await Ask(job, wanted, trouble, stopping);
        }
    }

    /// <summary>Says what the silo can run, so that only such leases are given to it.</summary>
    private async Task Report()
    {
        var report = new SiloReport(Address, capacity.Slots, slots.Count, devices.Names, workloads) { Failing = Failing() };
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

    /// <summary>A job that does not answer keeps nobody from the others.</summary>
    private async Task Ask(string job, int wanted, JobTroubles trouble, CancellationToken stopping)
    {
        try
        {
            foreach (var lease in await grains.GetGrain<ILeaseGrain>(job).Acquire(Address, wanted)) Start(lease, trouble, stopping);
            trouble.Asked();
        }
        catch (Exception failure)
        {
            trouble.CannotAsk();
            var reason = FailureReason.From(failure);
            if (trouble.IsNews(reason, out var times)) LogAskingFailed(job, times, reason);
        }
    }

    private void Start(Lease lease, JobTroubles trouble, CancellationToken stopping)
    {
        var key = (lease.Spec.EffectiveName, lease.Worker);
        var slot = new WorkerSlot(grains, Address, lease, time, () =>
        {
            if (trouble.Succeed()) _ = Tell(key.EffectiveName, null);
        });
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
                    if (!stopping.IsCancellationRequested) await Failed(key.EffectiveName, key.Worker, trouble, failure);
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

    private async Task Failed(string job, int worker, JobTroubles trouble, Exception failure)
    {
        if (trouble.Fail(failure) is not { } problem) return;
        if (trouble.IsNews(problem.Reason, out var times))
            LogSlotFailed(RepeatedProblem.WithStack(failure, times), job, worker, times, problem.Reason);
        await Tell(job, problem);
    }

    /// <summary>A job that cannot be told now is told of the next failure, or forgets it by itself.</summary>
    private async Task Tell(string job, WorkProblem? problem)
    {
        try
        {
            await grains.GetGrain<ILeaseGrain>(job).Report(Address, problem);
        }
        catch (Exception failure)
        {
            LogNotTold(failure, job);
        }
    }

    /// <summary>Jobs that this silo leaves alone for a while, each with the reason.</summary>
    private Dictionary<string, string> Failing() =>
        troubles.Where(static job => job.Value.Obstacle is not null).ToDictionary(static job => job.Key, static job => job.Value.Obstacle!);

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

    [LoggerMessage(Level = LogLevel.Warning, Message = "Cannot reach the job directory ({Failures} failures): {Reason}. Retrying.")]
    private partial void LogLookFailed(int failures, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "No server silo has joined yet. Retrying.")]
    private partial void LogNoServerYet();

    [LoggerMessage(Level = LogLevel.Warning, Message = "No server silo is left. Retrying until one joins.")]
    private partial void LogNoServerLeft();

    [LoggerMessage(Level = LogLevel.Warning, Message = "Cannot ask {Job} for work ({Failures} failures): {Reason}. Retrying.")]
    private partial void LogAskingFailed(string job, int failures, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Worker {Worker} of {Job} failed ({Failures} failures): {Reason}. Its lease goes back; retrying.")]
    private partial void LogSlotFailed(Exception? exception, string job, int worker, int failures, string reason);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Cannot tell {Job} how its workers fare")]
    private partial void LogNotTold(Exception exception, string job);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Cannot report to the silo directory. Reporting again in a few seconds.")]
    private partial void LogReportFailed(Exception exception);
}
