using Basgd.Simulator;

namespace Basgd.Experiments.Running;

/// <summary>What the server believed of the workers after a step, and how right it was.</summary>
/// <param name="OnTop">Share of the attackers that are among as many most suspect workers as there are attackers, 0 … 1; of workers that are as suspect as each other loyal ones come first. NaN where nobody attacks.</param>
/// <param name="Caught">Share of the attackers above <see cref="Condemned"/>; NaN where nobody attacks.</param>
/// <param name="FalselySuspected">Share of the loyal workers above <see cref="Suspected"/>.</param>
/// <param name="FalselyCondemned">Share of the loyal workers above <see cref="Condemned"/>.</param>
/// <param name="HighestLoyal">The highest belief in a loyal worker, 0 … 1.</param>
internal readonly record struct RoundBeliefs(Progress At, double OnTop, double Caught, double FalselySuspected, double FalselyCondemned, double HighestLoyal)
{
    /// <summary>Likelier Byzantine than not: what a job's status names.</summary>
    public const double Suspected = 0.5;

    /// <summary>Where a job may quarantine, if it says nothing else.</summary>
    public const double Condemned = 0.95;

    /// <param name="beliefs">By worker; the attackers are the last ones.</param>
    public static RoundBeliefs Of(Progress at, IReadOnlyList<double> beliefs, int attackers)
    {
        var loyal = beliefs.Take(beliefs.Count - attackers).ToArray();
        var byzantine = beliefs.Skip(loyal.Length).ToArray();
        var top = beliefs.Index().OrderByDescending(static entry => entry.Item).ThenBy(static entry => entry.Index).Take(attackers);
        return new RoundBeliefs(
            at,
            Share(top, entry => entry.Index >= loyal.Length),
            Share(byzantine, static belief => belief > Condemned),
            Share(loyal, static belief => belief > Suspected),
            Share(loyal, static belief => belief > Condemned),
            loyal.DefaultIfEmpty(double.NaN).Max());
    }

    private static double Share<T>(IEnumerable<T> all, Func<T, bool> isSo) => all.Select(each => isSo(each) ? 1.0 : 0).DefaultIfEmpty(double.NaN).Average();
}

/// <summary>Notes them after each step.</summary>
internal sealed class BeliefNotes(SimulationSpec spec) : ISimulationObserver
{
    public List<RoundBeliefs> Rounds { get; } = [];

    public void Stepped(StepObservation step) => Rounds.Add(RoundBeliefs.Of(step.At, step.Suspicion, spec.Byzantine));
}
