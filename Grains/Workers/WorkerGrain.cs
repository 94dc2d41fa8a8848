using Basgd.Aggregation.Memory;
using Basgd.Contracts;
using Basgd.Grains.Telemetry;
using Basgd.Protocol;
using Orleans.Concurrency;

namespace Basgd.Grains;

/// <summary>
/// One gradient's way: model from the silo's cache, gradient in a lane, momentum and attack, buffer. The momenta are kept here,
/// in memory: a worker that moves to another silo starts a new one.
/// </summary>
[StatelessWorker(1, removeIdleWorkers: false), Reentrant]
public sealed class WorkerGrain(LearnerPool pool, VectorOffers offers, WorkerInstruments instruments, TimeProvider time) : Grain, IWorkerGrain
{
    private const int Attempts = 5;
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(200);

    private readonly Dictionary<int, WorkerCore> cores = [];

    /// <inheritdoc/>
    public async Task<WorkResult> Work(JobSpec spec, WorkOrder order)
    {
        var cache = GrainFactory.GetGrain<IModelCacheGrain>(this.GetPrimaryKeyString());

        // Taken out while in use: a slot whose lease ran out may still be at work when the next one begins.
        if (!cores.Remove(order.Worker, out var core)) core = new WorkerCore(spec, order.Worker);

        // Waits for the model before the lane, and asks again in the lane: the queue may have been long.
        if (await Fetch(cache, order) is not { } model) return new WorkResult(null, 0);
        model.Parameters.Return();
        ParameterVector gradient;
        double loss;
        using (var lane = await Wait(spec, order))
        {
            model = await cache.Get(order.TakeAtLeast, order.MinMappingEpoch);
            if (model is null) return new WorkResult(null, 0);
            gradient = ParameterVector.Rent(model.Parameters.Length);
            loss = await Compute(lane, order, model, core, gradient);
            model.Parameters.Return();
        }

        var submission = new Submission(order.Worker, order.Sequence, model.Routing.MappingEpoch, model.Version, loss, gradient, core.MomentumLength);
        var result = await Send(model.Routing.BufferOf[order.Worker], submission, gradient);
        gradient.Return();
        if (result.Refusal == Refusal.ImplausibleVersion) await cache.Forget(model.Version);
        core.Settle(order.Sequence, result);
        cores[order.Worker] = core;
        return new WorkResult(result, model.Routing.MappingEpoch);
    }

    /// <inheritdoc/>
    public Task Forget(int worker)
    {
        cores.Remove(worker);
        return Task.CompletedTask;
    }

    private static async Task<ModelSnapshot?> Fetch(IModelCacheGrain cache, WorkOrder order)
    {
        using var span = Spans.Part(Spans.Fetch);
        return await cache.Get(order.TakeAtLeast, order.MinMappingEpoch);
    }

    private async Task<LearnerPool.Lane> Wait(JobSpec spec, WorkOrder order)
    {
        using var span = Spans.Part(Spans.Wait);
        return await pool.EnterOrTell(spec, $"worker {order.Worker}");
    }

    private async Task<double> Compute(LearnerPool.Lane lane, WorkOrder order, ModelSnapshot model, WorkerCore core, ParameterVector gradient)
    {
        using var span = Spans.Part(Spans.Compute);
        return await lane.Run(learner =>
        {
            var started = time.GetTimestamp();
            var loss = learner.Gradient(model.Parameters.Span, order.Worker, order.Sequence, gradient.Span);
            core.Prepare(order.Sequence, gradient.Span);
            instruments.Computed(this.GetPrimaryKeyString(), time.GetElapsedTime(started));
            return loss;
        });
    }

    /// <summary>A large gradient is offered: the buffer fetches it when there is room.</summary>
    private async Task<SubmitResult> Send(int buffer, Submission submission, ParameterVector gradient)
    {
        using var span = Spans.Part(Spans.Submit);
        var grain = GrainFactory.GetGrain<IBufferGrain>(buffer, this.GetPrimaryKeyString());
        if (gradient.Length <= VectorOffer.MaxInline) return await Patiently(() => grain.Submit(submission));
        var offer = offers.Put(gradient);
        try
        {
            return await Patiently(() => grain.SubmitOffer(submission with { Gradient = null }, offer));
        }
        finally
        {
            offers.Withdraw(offer.Id);
        }
    }

    /// <summary>A lost answer is no loss: the buffer knows the sequence number and takes nothing twice.</summary>
    private async Task<SubmitResult> Patiently(Func<Task<SubmitResult>> submit)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var result = await submit();
                if (attempt == Attempts || result.Refusal is not (Refusal.Busy or Refusal.NotDelivered)) return result;
            }
            catch (Exception failure) when (attempt < Attempts && failure is TimeoutException or OrleansException)
            {
                // Said again below.
            }

            await Task.Delay(FirstRetry * attempt, time);
        }
    }
}
