using Basgd.Simulator;

namespace Basgd.Experiments;

/// <summary>A learning problem and how it is trained where a trial says nothing else.</summary>
/// <param name="Model">As in <c>basgd models</c>.</param>
/// <param name="Dataset">As in <c>basgd datasets</c>.</param>
/// <param name="Spec">What trials change.</param>
/// <param name="AsgdRate">Learning rate of a server that takes a whole step for each stale gradient, where it is stable only below the others'; null for the same.</param>
/// <param name="KeepsBeliefs">Whether it is noted after each step what is believed of the workers; a step then costs a pass more over its buffers.</param>
internal sealed record Setup(string Model, string Dataset, SimulationSpec Spec, double? AsgdRate = null, bool KeepsBeliefs = false)
{
    /// <summary>Gradients that a worker sends in a virtual second where delays are the paper's: E[1/(1 + |k|)], k standard normal.</summary>
    private const double Rate = 0.6149;

    /// <summary>The same work by the clock: ended and evaluated by virtual seconds in which that many workers send that many gradients.</summary>
    public Setup ByTheClock()
    {
        Amount Seconds(Amount gradients) => Amount.Seconds(gradients.Value / (Rate * Spec.Workers));
        return this with { Spec = Spec with { Horizon = Seconds(Spec.Horizon), EvaluateEvery = Seconds(Spec.EvaluateEvery!.Value) } };
    }
}

/// <summary>One cell of an experiment's table: a method in a setting. It is run once for each seed.</summary>
/// <param name="Setting">What the method faces, such as <c>NG, 3 of 30</c>: a column of the table and a picture.</param>
/// <param name="Method">A row of the table and a line in the picture.</param>
/// <param name="Setup">With the trial's own spec; its seed is each run's.</param>
internal sealed record Trial(string Setting, string Method, Setup Setup)
{
    /// <summary>The trial with the given seed.</summary>
    public Setup Seeded(ulong seed) => Setup with { Spec = Setup.Spec with { Seed = seed } };
}
