using Basgd.Aggregation.Memory;
using Basgd.Contracts;

namespace Basgd.Protocol;

/// <summary>Everything a step changes, and everything needed to make the next one. Immutable: a step makes a new one.</summary>
/// <param name="Parameters">w, d floats; shared with readers: never changed.</param>
/// <param name="GradientsApplied">Contributions that went into steps since the job began.</param>
/// <param name="LastApplied">Newest sequence number applied, by worker; −1 for none.</param>
/// <param name="TrainingLoss">Smoothed loss as workers report it; NaN before the first step.</param>
/// <param name="Velocity">v of the server's momentum, d floats, likewise never changed; null before the first step, and always where there is no such momentum.</param>
/// <param name="Ledger">The end of the ledger; null where the job keeps none.</param>
public sealed record ModelState(
    ModelVersion Version,
    ParameterVector Parameters,
    Routing Routing,
    long GradientsApplied,
    IReadOnlyList<long> LastApplied,
    double TrainingLoss,
    ParameterVector? Velocity = null,
    LedgerTail? Ledger = null)
{
    /// <summary>What is believed of the workers.</summary>
    public Suspicion Suspicion { get; init; } = new(LastApplied.Count);

    /// <summary>Whose contributions are refused for it.</summary>
    public Quarantine Quarantine { get; init; } = Quarantine.None;

    /// <summary>The state after a step, with those in quarantine whom the step has brought there.</summary>
    /// <param name="before">The state before the step. Where nothing was learnt in between, nobody is judged.</param>
    /// <param name="seals">What the step is made of.</param>
    public ModelState Judged(JobSpec spec, ModelState before, IEnumerable<SealedRound> seals) =>
        spec.QuarantineAfterRounds is not { } rounds || ReferenceEquals(Suspicion, before.Suspicion)
            ? this
            : this with { Quarantine = Quarantine.Next([.. seals.Select(static seal => seal.Contributions.Select(static contribution => contribution.Worker).ToHashSet())], Suspicion.Beliefs, rounds, spec.QuarantineThreshold, spec.EffectiveTolerate) };

    /// <summary>The same with one worker out of quarantine, of which nothing is known.</summary>
    public ModelState Lifted(int worker) => this with { Quarantine = Quarantine.Without(worker), Suspicion = Suspicion.Without(worker) };

    /// <summary>Gives up its vectors.</summary>
    public void Return()
    {
        Parameters.Return();
        Velocity?.Return();
    }

    /// <summary>The state before the first step.</summary>
    public static ModelState Initial(ParameterVector parameters, int workers, int buffers, bool ledger = false) => new(
        default, parameters, Mapping.Initial(workers, buffers), 0, [.. Enumerable.Repeat(-1L, workers)], double.NaN, Ledger: ledger ? new LedgerTail(0, []) : null);
}
