using Basgd.Contracts;
using Basgd.Grains.Telemetry;
using Basgd.Protocol;

namespace Basgd.Grains;

/// <summary>Acts as one worker while its lease lasts: take an order, see what the buffer says, take the next.</summary>
/// <param name="worked">Called after each gradient that reached its buffer.</param>
internal sealed class WorkerSlot(IGrainFactory grains, string silo, Lease lease, TimeProvider time, Action worked)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>Between two gradients in quarantine, each of which is computed to be refused: so soon a lifted worker is back.</summary>
    private static readonly TimeSpan QuarantinePause = TimeSpan.FromSeconds(2);

    private readonly ILeaseGrain leases = grains.GetGrain<ILeaseGrain>(lease.Spec.EffectiveName);
    private readonly IWorkerGrain worker = grains.GetGrain<IWorkerGrain>(lease.Spec.EffectiveName);

    /// <summary>Runs until the lease is lost, the job closes, or the silo shuts down; then gives the lease back.</summary>
    /// <exception cref="Exception">Work failed for a reason that trying again did not mend.</exception>
    public async Task Run(CancellationToken stopping)
    {
        try
        {
            if (lease.Spec.IsSilent(lease.Worker)) await KeepSilent(stopping);
            else await Loop(stopping);
        }
        finally
        {
            await leases.Release(lease.Worker, lease.Id);
            await worker.Forget(lease.Worker);
        }
    }

    /// <summary>Holds the lease, or another silo would act as the worker, and sends nothing.</summary>
    private async Task KeepSilent(CancellationToken stopping)
    {
        do await Task.Delay(lease.Duration / 3, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        while (!stopping.IsCancellationRequested && await leases.Renew(silo, lease.Worker, lease.Id));
    }

    private async Task Loop(CancellationToken stopping)
    {
        var order = new WorkOrder(lease.Worker, lease.NextSequence, default, 0);
        var renewAt = time.GetUtcNow() + (lease.Duration / 3);
        while (!stopping.IsCancellationRequested)
        {
            using var trace = Spans.StartContribution(lease.Spec.EffectiveName, order.Worker, order.Sequence);
            if (time.GetUtcNow() >= renewAt)
            {
                using var span = Spans.Part(Spans.Lease);
                if (!await leases.Renew(silo, lease.Worker, lease.Id)) return;
                renewAt = time.GetUtcNow() + (lease.Duration / 3);
            }

            var work = await worker.Work(lease.Spec, order);
            if (work.Result is null or { Refusal: Refusal.Closed }) return;
            worked();
            if (trace is { IsAllDataRequested: true }) trace.SetTag(Names.Outcome, BufferInstruments.Outcome(work.Result.Refusal));
            trace?.Stop();
            if (PauseAfter(work.Result.Refusal) is { } pause) await Task.Delay(pause, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            order = order.Next(work.Result, work.MappingEpoch);
        }
    }

    private static TimeSpan? PauseAfter(Refusal? refusal) => refusal switch
    {
        Refusal.WrongBuffer => Pause,
        Refusal.Quarantined => QuarantinePause,
        _ => null,
    };
}
