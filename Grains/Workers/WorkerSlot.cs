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
    private readonly IModelCacheGrain model = grains.GetGrain<IModelCacheGrain>(lease.Spec.EffectiveName);
    private DateTimeOffset renewAt = time.GetUtcNow() + (lease.Duration / 3);

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
        while (!stopping.IsCancellationRequested)
        {
            using var trace = Spans.StartContribution(lease.Spec.EffectiveName, order.Worker, order.Sequence);
            if (!await Renew()) return;
            var work = await worker.Work(lease.Spec, order);
            if (work.Result is null or { Refusal: Refusal.Closed }) return;
            worked();
            if (trace is { IsAllDataRequested: true }) trace.SetTag(Names.Outcome, BufferInstruments.Outcome(work.Result.Refusal));
            trace?.Stop();
            if (work.Result.Refusal == Refusal.TooMany && !await AwaitRoundEnd(work.Result.TakeAtLeast, work.MappingEpoch, stopping)) return;
            if (PauseAfter(work.Result.Refusal) is { } pause) await Task.Delay(pause, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            order = order.Next(work.Result, work.MappingEpoch);
        }
    }

    /// <summary>Prolongs the lease if it is time. False if it is lost.</summary>
    private async Task<bool> Renew()
    {
        if (time.GetUtcNow() < renewAt) return true;
        using var span = Spans.Part(Spans.Lease);
        if (!await leases.Renew(silo, lease.Worker, lease.Id)) return false;
        renewAt = time.GetUtcNow() + (lease.Duration / 3);
        return true;
    }

    /// <summary>The buffer has enough of this worker in this round: keeps the lease and computes nothing until the round ends.</summary>
    /// <returns>False if the lease is lost.</returns>
    private async Task<bool> AwaitRoundEnd(ModelVersion round, int mappingEpoch, CancellationToken stopping)
    {
        var end = model.AwaitRoundEnd(round, mappingEpoch);
        while (!stopping.IsCancellationRequested)
        {
            if (!await Renew()) return false;
            var untilRenewal = renewAt - time.GetUtcNow();
            await Task.WhenAny(end, Task.Delay(untilRenewal > TimeSpan.Zero ? untilRenewal : TimeSpan.Zero, time, stopping));
            if (!end.IsCompleted) continue;
            if (await end) return true;
            await Task.Delay(Pause, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            end = model.AwaitRoundEnd(round, mappingEpoch);
        }

        return true;
    }

    private static TimeSpan? PauseAfter(Refusal? refusal) => refusal switch
    {
        Refusal.WrongBuffer => Pause,
        Refusal.Quarantined => QuarantinePause,
        _ => null,
    };
}
