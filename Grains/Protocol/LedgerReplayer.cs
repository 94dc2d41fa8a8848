using System.Runtime.InteropServices;
using Basgd.Aggregation;
using Basgd.Aggregation.Memory;
using Basgd.Contracts;
using Basgd.Learning;

namespace Basgd.Protocol;

/// <summary>
/// Makes the steps of a ledger again with the very parts that made them: a gradient is a function of seed, worker, sequence and
/// parameters, what a worker sends one of its gradients so far, a buffer's mean one of what came in which order. Memory: a
/// parameter vector for each of the last `maxStaleness` + 2 steps. Not thread-safe.
/// </summary>
public sealed class LedgerReplayer
{
    private readonly JobSpec spec;
    private readonly Horizon horizon;
    private readonly ILearner learner;
    private readonly IRule<float> rule;
    private readonly Dictionary<long, ParameterVector> models = [];
    private readonly Dictionary<int, (WorkerCore Core, Contribution Last)> workers = [];
    private ModelState state;

    /// <param name="trainingExamples">Size of the training set.</param>
    public LedgerReplayer(JobSpec spec, long trainingExamples, ILearner learner)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(learner);
        this.spec = spec;
        this.learner = learner;
        horizon = new Horizon(spec, trainingExamples);
        rule = Rules.Create<float>(spec.Rule, spec.EffectiveTolerate);
        var initial = ParameterVector.Rent(learner.Dimension);
        learner.Initialise(initial.Span);
        state = ModelState.Initial(initial, spec.Workers, spec.Buffers);
        models[0] = initial;
    }

    /// <summary>Steps made.</summary>
    public long Steps => state.Version.Step;

    /// <summary>Gradients computed.</summary>
    public long Gradients { get; private set; }

    /// <summary>Makes the next step.</summary>
    /// <returns>Why it cannot be made from the ledger alone; null where it was made.</returns>
    public string? Make(LedgerEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        if (entry.Version.Step != Steps + 1) return $"step {entry.Version.Step} follows step {Steps}";
        List<SealedRound> seals = [];
        foreach (var contributions in entry.Buffers)
        {
            if (contributions.Count == 0) return $"step {entry.Version}: a buffer is empty";
            var mean = new BufferMean();
            foreach (var contribution in contributions)
                if (Add(contribution, mean) is { } obstacle) return $"step {entry.Version}: {obstacle}";
            seals.Add(new SealedRound(Steps, mean.Close(), contributions, double.NaN));
        }

        state = Step.Make(state, seals, rule, horizon.LearningRateAt(state.GradientsApplied), spec.WeightDecay, spec.ServerMomentum) with { Version = entry.Version };
        foreach (var seal in seals) seal.Mean.Return();
        models[Steps] = state.Parameters;
        if (models.Remove(Steps - spec.MaxStaleness - 2, out var old)) old.Return();
        return null;
    }

    /// <summary>Whether the parameters are the same, bit for bit; null where they are.</summary>
    public string? DifferenceTo(ReadOnlySpan<float> parameters)
    {
        var made = state.Parameters.Span;
        if (made.Length != parameters.Length) return $"{parameters.Length} parameters, not {made.Length}";
        var same = MemoryMarshal.AsBytes(made).CommonPrefixLength(MemoryMarshal.AsBytes(parameters));
        if (same == made.Length * sizeof(float)) return null;
        var first = same / sizeof(float);
        var differ = 0;
        var farthest = 0f;
        for (var i = first; i < made.Length; i++)
        {
            if (BitConverter.SingleToInt32Bits(made[i]) == BitConverter.SingleToInt32Bits(parameters[i])) continue;
            differ++;
            farthest = Math.Max(farthest, Math.Abs(made[i] - parameters[i]));
        }

        return FormattableString.Invariant($"{differ} of {made.Length} parameters differ, the first at {first}: stored {parameters[first]:R}, made again {made[first]:R}; by at most {farthest:G3}");
    }

    private string? Add(Contribution contribution, BufferMean mean)
    {
        var (worker, sequence, version, length) = contribution;
        if (!models.TryGetValue(version.Step, out var model)) return $"worker {worker}'s {sequence} was taken at model {version}, which is not at hand";
        if (CoreFor(contribution) is not { } core) return $"worker {worker}'s {sequence} is made of {length} gradients, of which some are in no step";
        var gradient = ParameterVector.Rent(learner.Dimension);
        learner.Gradient(model.Span, worker, sequence, gradient.Span);
        core.Prepare(sequence, gradient.Span);
        core.Settle(sequence, new SubmitResult(null, version, sequence));
        var finite = mean.TryAdd(spec.WeighWorkersEqually ? worker : BufferMean.Everyone, gradient.Span);
        gradient.Return();
        if (!finite) return $"worker {worker}'s {sequence} is not finite when made again";
        workers[worker] = (core, contribution);
        Gradients++;
        return null;
    }

    /// <summary>Momentum goes on only where it was: what the worker sent in between, and no step took, cannot be made again.</summary>
    private WorkerCore? CoreFor(Contribution contribution)
    {
        var (worker, sequence, _, length) = contribution;
        if (spec.WorkerMomentum == 0 || length == 1) return new WorkerCore(spec, worker);
        return workers.TryGetValue(worker, out var known) && known.Last.Sequence + 1 == sequence && known.Last.MomentumLength + 1 == length ? known.Core : null;
    }
}
