using Basgd.Contracts;
using Basgd.Protocol;
using Orleans.Storage;

namespace Basgd.Grains;

/// <summary>What changes the model: one background task at a time.</summary>
public sealed partial class ModelGrain
{
    /// <summary>Makes steps while all buffers are full, unless something else is at work; whoever is calls this when done.</summary>
    private void Advance()
    {
        if (isOpen && work is null && rounds.AllFull) Start(MakeSteps);
    }

    private void Start(Func<Task> what) => work = Run(what);

    private async Task Run(Func<Task> what)
    {
        await Task.Yield();
        var succeeded = false;
        try
        {
            await what();
            succeeded = true;
        }
        catch (InconsistentStateException conflict)
        {
            // Another activation wrote meanwhile: it is the model now.
            LogConflict(conflict, Job, state!.Version);
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
        catch (Exception failure)
        {
            // Nothing has changed; the next tick tries again.
            message = failure.Message;
            LogFailed(failure, Job, state!.Version);
        }
        finally
        {
            work = null;
        }

        if (succeeded) Advance();
    }

    private async Task MakeSteps()
    {
        while (isOpen && rounds.AllFull)
        {
            if (await SealAll() is not { } seals) return;
            var learningRate = Horizon.LearningRateAt(state!.GradientsApplied);
            var next = await Task.Run(() => Step.Make(state, seals, rule!, learningRate, jobSpec!.WeightDecay, jobSpec.ServerMomentum));
            var completed = IsCompleted(next);
            if (completed || IsCheckpointDue(next)) await Persist(next);
            state = next;
            message = null;
            roundStarted = time.GetUtcNow();
            rounds.Advance();
            Signal();
            if (completed)
            {
                isOpen = false;
                LogCompleted(Job, next.Version);
                await SendOpening();
                return;
            }

            await Task.WhenAll(buffers.Select(buffer => buffer.Commit(next.Version)));
        }
    }

    private async Task<SealedRound[]?> SealAll()
    {
        var version = state!.Version;
        var seals = await Task.WhenAll(buffers.Select(buffer => buffer.Seal(version)));
        var whole = true;
        for (var b = 0; b < seals.Length; b++)
        {
            if (seals[b] is { } seal && Step.CanTake(state, b, seal)) continue;
            whole = false;
            rounds.NotFull(b);

            // A buffer that was re-activated between a seal and its commit may hold what is applied already: told so, it drops it.
            if (seals[b] is not null) await buffers[b].Open(Opening(b));
        }

        return whole ? [.. seals.OfType<SealedRound>()] : null;
    }

    /// <summary>A message may have been lost, either way: tells the buffers again how things stand, and hears what they hold.</summary>
    private async Task LookAround()
    {
        var reports = await Task.WhenAll(buffers.Select((buffer, b) => buffer.Open(Opening(b))));
        Note(reports);

        // More than r workers cannot all be lying: an honest one sees gradients that are not finite.
        if (!rounds.AllFull && reports.Sum(report => report.Unusable.Count) > jobSpec!.EffectiveTolerate)
            throw new DivergedException($"training diverged: gradients at step {state!.Version} are not finite");
    }

    /// <summary>No step for Δ: empties the buffers and spreads the active workers over all of them (Algorithm 1, lines for Δ).</summary>
    private async Task Reassign()
    {
        var reports = await Task.WhenAll(buffers.Select(buffer => buffer.GetReport()));
        Note(reports);
        if (rounds.AllFull) return;
        roundStarted = time.GetUtcNow();
        var active = reports.SelectMany(report => report.Heard).ToHashSet();
        if (Mapping.Reassign(state!.Routing, active, jobSpec!.Buffers) is not { } routing)
        {
            message = $"waiting: {active.Count} active workers are fewer than buffers = {jobSpec.Buffers}";
            LogStarving(Job, active.Count, jobSpec.Buffers);
            return;
        }

        var next = state with { Routing = routing };
        await Persist(next);
        state = next;
        LogReassigned(Job, routing.MappingEpoch, active.Count);
        await OpenBuffers();
    }
}
