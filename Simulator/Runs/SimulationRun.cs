using Basgd.Aggregation.Memory;
using Basgd.Contracts;
using Basgd.Learning;
using Basgd.Protocol;

namespace Basgd.Simulator;

/// <summary>
/// One simulation: events in the order of virtual time, those at the same time in the order in which they were made. A gradient is
/// computed when it arrives, at the model that its worker fetched, which <see cref="ModelVersions"/> kept: the staleness is real, and
/// what will be refused is never computed. Where attackers are to see the honest gradients these are computed at the fetch instead.
/// </summary>
internal sealed class SimulationRun : IDisposable
{
    private readonly SimulationSpec spec;
    private readonly Server server;
    private readonly ILearner learner;
    private readonly ISimulationObserver? observer;
    private readonly SimulatedWorker[] workers;
    private readonly Colluders? colluders;
    private readonly ModelVersions versions;
    private readonly PriorityQueue<(bool Arrives, SimulatedWorker Worker), (double Time, long Order)> events = new();
    private readonly SortedSet<int> waiting = [];
    private readonly Curve curve;
    private readonly GradientTally tally = new();
    private readonly Stopwatches watches = new();
    private readonly long patience;
    private double now;
    private long scheduled;
    private long received;
    private long receivedAtStep;
    private SimulationEnd? end;
    private Progress? divergedAt;

    public SimulationRun(SimulationSpec spec, JobSpec job, Server server, ILearner learner, ISimulationObserver? observer)
    {
        (this.spec, this.server, this.learner, this.observer) = (spec, server, learner, observer);
        server.Measures = observer is not null;
        workers = [.. Enumerable.Range(0, spec.Workers).Select(worker => new SimulatedWorker(job, worker))];
        colluders = Colluders.Create(spec);
        versions = new ModelVersions(spec.Server is BasgdServer or AsgdServer ? job.MaxStaleness : null);
        curve = new Curve(spec.EvaluateEvery, learner, watches);
        patience = spec.Patience ?? Math.Max(1000, 100L * spec.Workers);
    }

    private Progress Progress => new(now, received, server.State.Version.Step, server.Epochs);

    public SimulationResult ToEnd(CancellationToken cancellation)
    {
        curve.Evaluate(Progress, server.State);
        foreach (var worker in workers.Where(static worker => !worker.IsSilent)) Begin(worker);
        while (end is null)
        {
            cancellation.ThrowIfCancellationRequested();
            Next();
        }

        curve.Finish(Progress, server.State);
        var totals = new Totals(Progress, server.State.GradientsApplied, server.Reassignments, versions.Most);
        return new SimulationResult(curve.Points, totals, tally.Loyal, tally.Byzantine, server.State.Parameters.Span.ToArray(), end.Value, divergedAt, watches.Read());
    }

    public void Dispose()
    {
        foreach (var worker in workers)
        {
            worker.Show(null);
            if (worker.IsComputing) versions.Release(worker.Version.Step);
        }
    }

    /// <summary>The timer or the next event, whichever is first; the horizon where it is a time and comes before both.</summary>
    private void Next()
    {
        var timer = server.Deadline;
        var isIdle = !events.TryPeek(out var next, out var priority);
        var time = isIdle ? double.PositiveInfinity : priority.Time;
        if (isIdle && (waiting.Count == 0 || double.IsPositiveInfinity(timer)))
        {
            end = SimulationEnd.Starved;
        }
        else if (spec.Horizon is { Measure: Measure.Seconds, Value: var last } && Math.Min(time, timer) > last)
        {
            (now, end) = (last, SimulationEnd.Horizon);
        }
        else if (timer < time)
        {
            now = timer;
            TimeOut();
            if (events.Count == 0) end = SimulationEnd.Starved;
        }
        else
        {
            events.Dequeue();
            now = time;
            if (next.Arrives) Arrive(next.Worker);
            else Fetch(next.Worker);
        }
    }

    /// <summary>A new mapping begins a new round, so workers that waited for one go on.</summary>
    private void TimeOut()
    {
        var before = server.Reassignments;
        server.TimeOut(now);
        if (server.Reassignments > before) Resume();
    }

    private void Begin(SimulatedWorker worker)
    {
        var turn = spec.Delays.Next(new TurnStart(spec.Seed, worker.Index, worker.Turns++, now));
        worker.Work = turn.Work;
        if (turn.Away == 0) Fetch(worker);
        else if (!double.IsPositiveInfinity(turn.Away)) events.Enqueue((false, worker), (now + turn.Away, scheduled++));
    }

    private void Fetch(SimulatedWorker worker)
    {
        var state = server.State;
        (worker.Version, worker.MappingEpoch, worker.IsComputing) = (state.Version, state.Routing.MappingEpoch, true);
        versions.Fetch(state);
        if (colluders is not null && !spec.IsByzantine(worker.Index)) worker.Show(Compute(worker, state.Parameters));
        events.Enqueue((true, worker), (now + worker.Work, scheduled++));
    }

    private void Arrive(SimulatedWorker worker)
    {
        received++;
        var before = server.State.Version;
        var reception = Send(worker);
        versions.Release(worker.Version.Step);
        worker.IsComputing = false;
        if (reception is not { } known) return;
        tally.Count(spec.IsByzantine(worker.Index), known.Verdict);
        worker.Core.Settle(worker.Sequence, known.Answer);
        worker.Sequence = known.Answer.NextSequence(worker.Sequence);
        if (known.Waits) waiting.Add(worker.Index);

        var stepped = server.State.Version > before;
        if (stepped) Stepped();
        if (received - receivedAtStep > patience) end ??= SimulationEnd.Starved;
        if (Curve.Reaches(spec.Horizon, Progress)) end = SimulationEnd.Horizon;
        if (end is not null) return;
        if (curve.IsDue(Progress)) curve.Evaluate(Progress, server.State);
        if (!known.Waits) Begin(worker);
        if (stepped) Resume();
    }

    /// <summary>Null where training diverged.</summary>
    private Reception? Send(SimulatedWorker worker)
    {
        var submission = new Submission(worker.Index, worker.Sequence, worker.MappingEpoch, worker.Version, 0, null);
        if (watches.Server(() => server.RefuseUnseen(submission)) is { } unseen) return unseen;
        var at = versions.Find(worker.Version.Step)!;
        var (gradient, loss) = Made(worker) ?? Forge(worker, at) ?? Compute(worker, at);
        try
        {
            submission = submission with { Gradient = gradient, Loss = loss, MomentumLength = worker.Core.MomentumLength };
            var reception = watches.Server(() => server.Receive(submission, at, now));

            // The simulator knows who is honest: what is not finite there has overflown.
            if (reception.Answer.Refusal == Refusal.NotFinite && !spec.IsByzantine(worker.Index)) Diverge();
            return reception;
        }
        catch (DivergedException)
        {
            Diverge();
            return null;
        }
        finally
        {
            gradient.Return();
        }
    }

    /// <summary>What was computed at the fetch; null where gradients are computed on arrival.</summary>
    private static (ParameterVector Gradient, double Loss)? Made(SimulatedWorker worker) =>
        worker.Newest is { } newest ? (newest.Gradient.Share(), newest.Loss) : null;

    private (ParameterVector Gradient, double Loss) Compute(SimulatedWorker worker, ParameterVector at)
    {
        var gradient = ParameterVector.Rent(at.Length);
        var loss = watches.Gradient(() => learner.Gradient(at.Span, worker.Index, worker.Sequence, gradient.Span));
        watches.Server(() => server.Computed(worker.Index, gradient.Span, at));
        watches.Worker(() => worker.Core.Prepare(worker.Sequence, gradient.Span));
        return (gradient, loss);
    }

    /// <summary>Null where the worker does not collude, or sees too little to forge from.</summary>
    private (ParameterVector Gradient, double Loss)? Forge(SimulatedWorker worker, ParameterVector at)
    {
        if (colluders is null || !spec.IsByzantine(worker.Index)) return null;
        var seen = workers.Where(static other => other.Newest is not null).Select(static other => other.Newest!.Value).ToList();
        var forged = ParameterVector.Rent(at.Length);
        if (watches.Worker(() => colluders.TryForge([.. seen.Select(static each => each.Gradient)], server.State.Version.Step, forged.Span)))
        {
            watches.Server(() => server.Computed(worker.Index, forged.Span, at));
            return (forged, seen.Average(static each => each.Loss));
        }

        forged.Return();
        return null;
    }

    private void Stepped()
    {
        receivedAtStep = received;
        versions.Advance(server.State.Version.Step);
        observer?.Stepped(new StepObservation(Progress, server.Rows, server.State.Suspicion.Beliefs, server.State.Quarantine.Workers));
    }

    /// <summary>Workers that waited for a round to end go on, by index.</summary>
    private void Resume()
    {
        int[] resumed = [.. waiting];
        waiting.Clear();
        foreach (var worker in resumed) Begin(workers[worker]);
    }

    private void Diverge() => (end, divergedAt) = (SimulationEnd.Diverged, Progress);
}
