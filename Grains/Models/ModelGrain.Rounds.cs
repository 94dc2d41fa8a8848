using System.Diagnostics;
using Basgd.Contracts;
using Basgd.Grains.Telemetry;
using Basgd.Protocol;
using Orleans.Storage;

namespace Basgd.Grains;

/// <summary>What changes the model: one background task at a time.</summary>
public sealed partial class ModelGrain
{
    private bool MayStep => isOpen && rounds.AllFull && !isInterrupted && !ending.IsCancellationRequested;

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
            LogConflict(Job, state!.Version, FailureReason.From(conflict));
            isOpen = false;
            DeactivateOnIdle();
        }
        catch (DivergedException failure)
        {
            message = failure.Message;
            diverged = true;
            isOpen = false;
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
                LogFailed(RepeatedProblem.WithStack(failure, times), Job, state!.Version, times, reason);
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
            using var trace = new StepTrace(Job, state!.Version, state.Routing.Buffers, time);
            if (await SealAll(trace) is not { } seals) return;
            trace.Begin(seals);
            var spread = NextSpread();
            var (epoch, confined) = (state.Routing.MappingEpoch, state.Quarantine.Workers);
            var next = await MakeStep(seals, spread);
            var completed = IsCompleted(next);
            Show(next);
            foreach (var worker in next.Quarantine.Workers.Except(confined)) LogConfined(Job, worker, next.Version, next.Suspicion.Beliefs[worker], jobSpec!.QuarantineAfterRounds!.Value);
            message = null;
            roundStarted = time.GetUtcNow();
            rounds.Advance();
            Report(next.Version, seals, spread);
            Signal();
            if (completed)
            {
                isOpen = false;
                LogCompleted(Job, next.Version);
                await SendOpening();
                return;
            }

            if (next.Routing.MappingEpoch > epoch)
            {
                await OpenBuffers();
                continue;
            }

            await Commit(seals.Length, next.Version);
            if (Grown() is { } routing) await Remap(routing);
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
            var learningRate = Horizon.LearningRateAt(state!.GradientsApplied);
            next = await Aggregate(() => Step.Make(state, seals, rule!, learningRate, jobSpec!.WeightDecay, jobSpec.ServerMomentum, spread));
            attendance.Note(seals);
            next = next.Judged(jobSpec!, state, seals);

            // Durable with the step: the buffers drop what they hold when they hear of it, and a crash before that changes nothing.
            if (!IsCompleted(next) && Mapping.Planned(jobSpec!, state, next, Active(next)) is { } routing) next = next with { Routing = routing };
            if (IsCompleted(next) || IsCheckpointDue(next)) await Persist(next);
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
        var (version, mapping) = (state!.Version, state.Routing.MappingEpoch);
        var seals = new SealedRound?[state.Routing.Buffers];
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
            if (seals[b] is { } seal && Step.CanTake(state, b, seal)) continue;
            whole = false;
            rounds.NotFull(b);

            // A buffer that was re-activated between a seal and its commit may hold what is applied already: told so, it drops it.
            if (seals[b] is not null) await buffers[b].Open(Opening(b));
        }

        if (whole) return [.. seals.OfType<SealedRound>()];
        Return(seals);
        return null;

        async Task<SealedRound?> Seal(IBufferGrain buffer, int b)
        {
            seals[b] = await buffer.Seal(version, mapping);
            trace.Sealed(b);
            return seals[b];
        }
    }

    private static void Return(IEnumerable<SealedRound?> seals)
    {
        foreach (var seal in seals) seal?.Mean.Return();
    }

    /// <summary>A message may have been lost, either way: tells the buffers again how things stand, and hears what they hold.</summary>
    private async Task LookAround()
    {
        var reports = await AskAll((buffer, b) => buffer.Open(Opening(b)));
        Note(reports);
        if (Newest(reports) is var newest && newest > state!.Version)
        {
            // A buffer that came back only now lived through what storage has lost; or this is the model no more, and cannot write.
            await StartGeneration(newest.Generation + 1);
            await OpenBuffers();
        }

        // More than r workers cannot all be lying: an honest one sees gradients that are not finite.
        if (!rounds.AllFull && reports.Sum(report => report.Unusable.Count) > jobSpec!.EffectiveTolerate)
            throw new DivergedException($"training diverged: gradients at step {state!.Version} are not finite");
    }

    /// <summary>No step for Δ: empties the buffers and spreads the active workers over all of them (Algorithm 1, lines for Δ).</summary>
    private async Task Reassign()
    {
        var reports = await AskAll(static (buffer, _) => buffer.GetReport());
        Note(reports);
        if (rounds.AllFull) return;
        roundStarted = time.GetUtcNow();
        var active = reports.SelectMany(report => report.Heard).Except(state!.Quarantine.Workers).ToHashSet();
        if (Mapping.BuffersFor(jobSpec!, active.Count) is not { } count)
        {
            message = JobSpecAdvice.Starving(jobSpec!, active.Count);
            LogStarving(Job, active.Count, jobSpec!.Buffers);
            return;
        }

        await Remap(Mapping.Reassign(state!.Routing, active, count)!);
    }

    /// <summary>Where B had to shrink and more workers have been at work for Δ: a mapping with more buffers.</summary>
    private Routing? Grown()
    {
        if (state!.Routing.Buffers == jobSpec!.Buffers || time.GetUtcNow() - mapped <= TimeSpan.FromSeconds(jobSpec.ReassignAfterSeconds)) return null;
        var active = Active(state);
        return Mapping.BuffersFor(jobSpec, active.Count) is { } count && count > state.Routing.Buffers ? Mapping.Reassign(state.Routing, active, count) : null;
    }

    /// <summary>Heard within the last Δ, and not in quarantine.</summary>
    private HashSet<int> Active(ModelState at) => attendance.Since(time.GetUtcNow() - TimeSpan.FromSeconds(jobSpec!.ReassignAfterSeconds)).Except(at.Quarantine.Workers).ToHashSet();

    /// <summary>The mapping stays: the worker's buffer has others, and it comes back as any that was silent.</summary>
    private async Task Release(int worker)
    {
        var next = state!.Lifted(worker);
        await Persist(next);
        Show(next);
        LogLifted(Job, worker, next.Version);
        if (isOpen) await SendOpening();
    }

    private async Task Remap(Routing routing)
    {
        var next = state! with { Routing = routing };
        await Persist(next);
        Show(next);
        message = null;
        instruments.Reassigned(Job);
        LogReassigned(Job, routing.MappingEpoch, routing.Buffers, jobSpec!.Buffers);
        mapped = time.GetUtcNow();
        await OpenBuffers();
    }

    /// <summary>Moves full segments of the ledger that are durable inside the model to places of their own, so that the model stays small.</summary>
    private async Task Archive()
    {
        while (state!.Ledger is { } tail && durable!.Ledger is { } safe && safe.First + safe.Entries.Count >= tail.First + LedgerSegment.Steps)
        {
            var (number, segment) = tail.FullSegment()!.Value;
            try
            {
                await GrainFactory.GetGrain<ILedgerGrain>(number, Job).Put(segment);
            }
            catch (Exception failure) when (!tail.IsFull())
            {
                LogArchiveFailed(Job, number, FailureReason.From(failure));
                return;
            }

            state = state with { Ledger = tail.WithoutSegment() };
        }
    }
}
