using Basgd.Learning;
using Basgd.Simulator;

namespace Basgd.Experiments.Running;

/// <summary>Runs trials, some at a time; each run is a function of its setup alone, so their number changes nothing but the time.</summary>
/// <param name="workloads">What setups name; their data are read once and shared.</param>
/// <param name="store">Where finished runs are looked up and kept.</param>
/// <param name="parallel">Runs at a time, ≥ 1.</param>
/// <param name="progress">Told of each finished run in a line; on any thread.</param>
internal sealed class Runner(IReadOnlyList<IWorkload> workloads, RunStore store, int parallel, Action<string> progress)
{
    /// <summary>Every trial with every seed.</summary>
    public async Task<IReadOnlyList<Outcome>> Run(IReadOnlyList<Trial> trials, IReadOnlyList<ulong> seeds, CancellationToken cancellation)
    {
        var runs = new RunRecord[trials.Count, seeds.Count];
        var done = 0;
        // Seeds first: an interrupted experiment has whole trials rather than none.
        var tasks = from trial in Enumerable.Range(0, trials.Count) from seed in Enumerable.Range(0, seeds.Count) select (trial, seed);
        await Parallel.ForEachAsync(tasks, new ParallelOptions { MaxDegreeOfParallelism = parallel, CancellationToken = cancellation }, async (task, cancelled) =>
        {
            var trial = trials[task.trial];
            var run = await Run(trial.Seeded(seeds[task.seed]), cancelled);
            runs[task.trial, task.seed] = run;
            progress($"[{Interlocked.Increment(ref done)}/{runs.Length}] {trial.Setting}, {trial.Method}, seed {run.Seed}: {Describe(run)}");
        });
        return [.. trials.Select((trial, i) => new Outcome(trial, [.. seeds.Select((_, j) => runs[i, j])]))];
    }

    /// <summary>One run, from the store if it is there.</summary>
    /// <exception cref="ArgumentException">No workload is called what the setup names.</exception>
    public async Task<RunRecord> Run(Setup setup, CancellationToken cancellation)
    {
        if (store.Find(setup) is { } kept) return kept;
        var notes = setup.KeepsBeliefs ? new BeliefNotes(setup.Spec) : null;
        var result = await Simulation.RunAsync(setup.Spec, Workload.Find(workloads, setup), notes, cancellation);
        var run = RunRecord.Of(setup.Spec.Seed, result, notes?.Rounds);
        store.Keep(setup, run);
        return run;
    }

    private static string Describe(RunRecord run) =>
        FormattableString.Invariant($"accuracy {100 * run.Curve[^1].Accuracy:0.0} %, loss {run.Curve[^1].TestLoss:0.000}, {run.Totals.End.Steps} steps, {run.End}, {run.RealSeconds:0.0} s");
}
