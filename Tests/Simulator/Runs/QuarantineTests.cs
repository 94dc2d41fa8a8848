namespace Basgd.Simulator.Tests.Runs;

/// <summary>Ten workers of which the last two send −10 g, in six buffers.</summary>
public sealed class QuarantineTests
{
    private const int After = 5;
    private const int Dimension = 50;

    private static readonly BasgdServer Server = new() { Buffers = 6, QuarantineAfterRounds = After };

    private static readonly SimulationSpec Spec = new()
    {
        Workers = 10,
        Byzantine = 2,
        Attack = "negative-gradient(k=10)",
        Server = Server,
        LearningRate = 0.05,
        Delays = new ExponentialDelays(),
        Horizon = Amount.Steps(200),
        EvaluateEvery = null,
    };

    [Theory]
    [InlineData(1, null)]
    [InlineData(2, null)]
    [InlineData(3, null)]
    [InlineData(1, 10L)]
    [InlineData(2, 10L)]
    [InlineData(3, 10L)]
    public void Attackers_are_taken_out_within_few_rounds_and_training_goes_on_without_them(ulong seed, long? reshuffle)
    {
        List<StepObservation> steps = [];
        var result = Run(Spec with { Seed = seed, Server = Server with { ReshuffleEverySteps = reshuffle } }, steps);
        result.End.ShouldBe(SimulationEnd.Horizon);
        steps.SelectMany(static step => step.Quarantined).Distinct().Order().ShouldBe([8, 9]);
        var first = steps.FindIndex(static step => step.Quarantined.Count == 2);
        first.ShouldBeInRange(After - 1, 60);
        steps.Skip(first).ShouldAllBe(static step => step.Quarantined.Count == 2);

        // The very next round is without them: what they had sent to it is dropped.
        steps.Skip(first + 1).SelectMany(static step => step.Rows).SelectMany(static row => row.Contributions).ShouldAllBe(static contribution => contribution.Worker < 8);
        result.Byzantine.Refused.ShouldBeGreaterThan(result.Byzantine.Received / 2);
        result.Totals.Reassignments.ShouldBe(0);
    }

    /// <summary>An attacker that is slow, and shares a buffer with a worker that is not: of the two, most that comes is the other's.</summary>
    [Fact]
    public void Nobody_is_taken_for_another_however_workers_differ_in_speed()
    {
        for (var seed = 1UL; seed <= 60; seed++)
        {
            List<StepObservation> steps = [];
            Run(Spec with { Seed = seed, Workers = 8, Byzantine = 1, LearningRate = new(1e-4), Delays = new TruncatedNormalDelays(Deviation: 2), Server = Server with { Buffers = 5, QuarantineAfterRounds = 10, ReshuffleEverySteps = 10 }, Horizon = Amount.Steps(100) }, steps);
            steps.SelectMany(static step => step.Quarantined).Distinct().ShouldBe([7], $"seed {seed}");
        }
    }

    [Fact]
    public void No_more_are_taken_than_the_job_tolerates()
    {
        List<StepObservation> steps = [];
        Run(Spec with { Byzantine = 3, Server = Server with { Buffers = 7, Tolerate = 2 } }, steps);
        steps.Max(static step => step.Quarantined.Count).ShouldBe(2);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Nobody_is_taken_where_nobody_attacks(ulong seed)
    {
        List<StepObservation> steps = [];
        Run(Spec with { Seed = seed, Byzantine = 0, Attack = "none", Server = Server with { Tolerate = 2 } }, steps);
        steps.SelectMany(static step => step.Quarantined).ShouldBeEmpty();
        steps.Max(static step => step.Suspicion.Max()).ShouldBeLessThan(0.5);
    }

    [Fact]
    public void It_needs_nobody_who_looks_on()
    {
        List<StepObservation> steps = [];
        var watched = Run(Spec, steps);
        using var learner = new Quadratic(Dimension, noise: 0.3);
        Simulation.Run(Spec, learner, 1000).Parameters.ToArray().ShouldBe(watched.Parameters.ToArray());
    }

    private static SimulationResult Run(SimulationSpec spec, List<StepObservation> steps)
    {
        using var learner = new Quadratic(Dimension, noise: 0.3);
        return Simulation.Run(spec, learner, 1000, new Watch(steps.Add));
    }

    private sealed class Watch(Action<StepObservation> seen) : ISimulationObserver
    {
        public void Stepped(StepObservation step) => seen(step);
    }
}
