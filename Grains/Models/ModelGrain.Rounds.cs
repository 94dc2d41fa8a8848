using System.Diagnostics;
using Basgd.Contracts;
using Basgd.Grains.Telemetry;
using Basgd.Protocol;
using Orleans.Storage;

namespace Basgd.Grains;

/// <summary>What changes the model: one background task at a time.</summary>
public sealed partial class ModelGrain
{
    private bool MayStep => core is { IsReady: true } && !isInterrupted && !ending.IsCancellationRequested;

    /// <summary>Makes steps while all buffers are full, unless something else is at work; whoever is calls this when done.</summary>
    private void Advance()
    {
        if (work is null && MayStep) Start(MakeSteps);
    }

    private void Start(Func<Task> what) => work = Run(what);

    private async Task Run(Func<Task> what)
    {
        // Whoever noticed that there is work has a trace of his own.
        Activity.Current = null;
        RequestContext.Clear();
        await Task.Yield();
        var succeeded = false;
        try
        {
            await what();
            succeeded = true;
            trouble = null;
            failures.Clear();
        }
        catch (InconsistentStateException conflict)
        {
            // Another activation wrote meanwhile: it is the model now.
            LogConflict(Job, core!.State.Version, FailureReason.From(conflict));
            core.Close();
            DeactivateOnIdle();
        }
        catch (DivergedException failure)
        {
            message = failure.Message;
            core!.Diverge();
            LogDiverged(Job, failure.Message);
            await SendOpening();
        }
        catch (Exception failure) when (ending.IsCancellationRequested && failure is OperationCanceledException or OrleansException)
        {
            // The next activation goes on from what is durable. A buffer may have ended before this model was told to.
        }
        catch (Exception failure)
        {
            // Nothing has changed; the next tick tries again.
            var reason = FailureReason.From(failure);
            trouble = $"{reason}; trying again";
            if (failures.IsNews(reason, out var times))
                LogFailed(RepeatedProblem.WithStack(failure, times), Job, core!.State.Version, times, reason);
        }
        finally
        {
            work = null;
        }

        if (succeeded) Advance();
    }

    private async Task MakeSteps()
    {
        while (MayStep)
        {
            await Archive();
            var before = core!.State;
            using var trace = new StepTrace(Job, before.Version, before.Routing.Buffers, time);
            if (await SealAll(trace) is not { } seals) return;
            trace.Begin(seals);
            var spread = NextSpread();
            var next = await MakeStep(seals, spread);
            var after = core.Advance(next);

            // The vectors go back when their last reader is done.
            before.Return();
            foreach (var worker in next.Quarantine.Workers.Except(before.Quarantine.Workers)) LogConfined(Job, worker, next.Version, next.Suspicion.Beliefs[worker], jobSpec!.QuarantineAfterRounds!.Value);
            message = null;
            Report(next.Version, seals, spread);
            Signal();
            switch (after)
            {
                case AfterStep.CloseBuffers:
                    LogCompleted(Job, next.Version);
                    await SendOpening();
                    return;
                case AfterStep.OpenBuffers:
                    await OpenBuffers();
                    break;
                default:
                    await Commit(seals.Length, next.Version);
                    if (core.Grown() is { } grown) await Remap(grown);
                    break;
            }
        }
    }

    private async Task Commit(int inUse, ModelVersion version)
    {
        using var span = Spans.Part(Spans.Commit);
        await Task.WhenAll(buffers.Take(inUse).Select(buffer => buffer.Commit(version))).WaitAsync(ending.Token);
    }

    private async Task<ModelState> MakeStep(SealedRound[] seals, Spread? spread)
    {
        ModelState? next = null;
        try
        {
            next = await Aggregate(() => core!.Make(seals, spread));
            next = core!.Judge(next, seals);
            if (core.MustStore(next)) await Persist(next);
            return next;
        }
        catch
        {
            next?.Return();
            throw;
        }
        finally
        {
            Return(seals);
        }
    }

    /// <summary>Off the grain's scheduler, which stays free for messages.</summary>
    private async Task<ModelState> Aggregate(Func<ModelState> make)
    {
        using var span = Spans.Part(Spans.Aggregate);
        var started = time.GetTimestamp();
        var next = await Task.Run(make);
        instruments.Aggregated(Job, time.GetElapsedTime(started));
        return next;
    }

    private async Task<SealedRound[]?> SealAll(StepTrace trace)
    {
        var (version, routing) = (core!.State.Version, core.State.Routing);
        var seals = new SealedRound?[routing.Buffers];
        try
        {
            await Ask(seals.Length, Seal);
        }
        catch
        {
            Return(seals);
            throw;
        }

        var whole = true;
        for (var b = 0; b < seals.Length; b++)
        {
            if (core.Takes(b, seals[b])) continue;
            whole = false;

            // It may have missed a commit, or been re-activated between a seal and its commit: told how things stand, it catches up.
            await buffers[b].Open(Opening(b));
        }

        if (whole) return [.. seals.OfType<SealedRound>()];
        Return(seals);
        return null;

        async Task<SealedRound?> Seal(IBufferGrain buffer, int b)
        {
            seals[b] = await buffer.Seal(version, routing.MappingEpoch);
            trace.Sealed(b);
            return seals[b];
        }
    }

    private static void Return(IEnumerable<SealedRound?> seals)
    {
        foreach (var seal in seals) seal?.Mean.Return();
    }

    /// <summary>A message may have been lost, either way: tells the buffers again how things stand, and hears what they hold.</summary>
    private async Task PollBuffers()
    {
        var reports = await SendOpening();
        if (core!.Overtaken(Newest(reports)) is { } generation)
        {
            // A buffer that came back only now lived through what storage has lost; or this is the model no more, and cannot write.
            await BeginGeneration(generation);
            await OpenBuffers();
        }

        if (core.IsDiverging(reports)) throw new DivergedException($"training diverged: gradients at step {core.State.Version} are not finite");
    }

    /// <summary>No step for Δ: empties the buffers and spreads the active workers over all of them.</summary>
    private async Task Reassign()
    {
        var answer = core!.Reassign(await AskAll(static (buffer, _) => buffer.GetReport()));
        if (answer.Next is { } next) await Remap(next);
        if (!answer.IsStarving) return;
        message = JobSpecAdvice.Starving(jobSpec!, answer.Active);
        LogStarving(Job, answer.Active, jobSpec!.Buffers);
    }

    /// <summary>The mapping stays: the worker's buffer has others, and it comes back as any that was silent.</summary>
    private async Task Release(int worker)
    {
        var next = core!.State.Lifted(worker);
        await Persist(next);
        core.Lift(next);
        LogLifted(Job, worker, next.Version);
        if (IsOpen) await SendOpening();
    }

    private async Task Remap(ModelState next)
    {
        await Persist(next);
        core!.Remap(next);
        message = null;
        instruments.Reassigned(Job);
        LogReassigned(Job, next.Routing.MappingEpoch, next.Routing.Buffers, jobSpec!.Buffers);
        await OpenBuffers();
    }

    /// <summary>Moves full segments of the ledger that are durable inside the model to places of their own, so that the model stays small.</summary>
    private async Task Archive()
    {
        while (core!.NextSegment() is var (number, segment))
        {
            try
            {
                await GrainFactory.GetGrain<ILedgerGrain>(number, Job).Put(segment);
            }
            catch (Exception failure) when (!core.IsLedgerFull)
            {
                LogArchiveFailed(Job, number, FailureReason.From(failure));
                return;
            }

            core.SegmentMoved();
        }
    }
}
