using System.Diagnostics;

namespace Basgd.Simulator.Tests.Runs;

public sealed class RunTests
{
    [Fact]
    public void Memory_does_not_grow_with_the_workers_but_with_the_staleness_that_is_taken()
    {
        var spec = new SimulationSpec { Delays = new ParetoDelays(Shape: 1.1), Horizon = Amount.Steps(400), EvaluateEvery = null, LearningRate = 0.01 };
        foreach (var workers in (int[])[20, 200, 2000])
        {
            var result = Run(spec with { Workers = workers, Server = new BasgdServer { Buffers = 5, MaxStaleness = 7 }, Patience = 1_000_000 });
            result.Totals.MostVersions.ShouldBeLessThanOrEqualTo(8);
        }

        // Without a bound on staleness it is as many as there are workers, at most.
        Run(spec with { Workers = 20, Server = new AsgdServer() }).Totals.MostVersions.ShouldBeLessThanOrEqualTo(20);
    }

    /// <summary>A vector of 10,000 for each of 2,000 workers would be 80 MB; 5 buffers and 8 versions are half a megabyte.</summary>
    [Fact]
    public void What_is_alive_while_it_runs_is_some_vectors_and_not_one_for_each_worker()
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var most = 0L;
        var observer = new Watch(step =>
        {
            if (step.At.Steps % 100 == 50) most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true) - before);
        });
        using var learner = new Quadratic(10_000);
        Simulation.Run(
            new SimulationSpec { Workers = 2000, Server = new BasgdServer { MaxStaleness = 7 }, Delays = new ExponentialDelays(), Horizon = Amount.Steps(300), EvaluateEvery = null, Patience = 1_000_000 },
            learner,
            1000,
            observer);
        most.ShouldBeInRange(1, 10_000_000);
    }

    [Fact]
    [Trait("category", "slow")]
    public void Ten_thousand_workers_are_simulated_in_seconds()
    {
        var start = Stopwatch.GetTimestamp();
        var result = Run(new SimulationSpec
        {
            Workers = 10_000,
            Server = new BasgdServer { Buffers = 50, MaxStaleness = 1000, ReassignAfterSeconds = 60 },
            Byzantine = 20,
            Attack = "negative-gradient(k=10)",
            Delays = new DropOutDelays(new ExponentialDelays(), 0.01, 20),
            Horizon = Amount.Gradients(100_000),
            EvaluateEvery = null,
            LearningRate = 0.01,
        });
        TestContext.Current.TestOutputHelper?.WriteLine($"{Stopwatch.GetElapsedTime(start).TotalSeconds:F1} s, {result.Times}, {result.Totals}");
        result.Totals.End.Gradients.ShouldBe(100_000);
        result.Curve[^1].TestLoss.ShouldBeLessThan(0.1);
    }

    /// <summary>What will be refused whatever it holds is never computed.</summary>
    [Fact]
    public void Gradients_that_are_too_stale_cost_nothing()
    {
        using var learner = new Quadratic(3) { Remembers = true };
        var spec = new SimulationSpec
        {
            Workers = 6,
            Server = new BasgdServer { Buffers = 1, Rule = "mean", MaxStaleness = 3 },
            Delays = new RatedDelays(new ConstantDelays(), new Dictionary<int, double> { [5] = 0.1 }),
            Horizon = Amount.Gradients(500),
        };
        var result = Simulation.Run(spec, learner, 1000);
        result.Loyal.Refused.ShouldBeGreaterThan(0);
        learner.Asked.Count.ShouldBe((int)(500 - result.Loyal.Refused));
        learner.Asked.Select(static asked => (asked.Worker, asked.Sequence)).Distinct().Count().ShouldBe(learner.Asked.Count);
    }

    /// <summary>Buffer 2 has nobody but workers 2 and 5, who leave at 20 and come back at 80.</summary>
    [Fact]
    public void A_job_whose_buffer_starves_goes_on_with_reassignment_and_stands_still_without()
    {
        var spec = new SimulationSpec
        {
            Workers = 6,
            Server = new BasgdServer { Buffers = 3 },
            Delays = new OutageDelays(new ExponentialDelays(), new HashSet<int> { 2, 5 }, From: 20, Until: 80),
            Horizon = Amount.Seconds(80),
            EvaluateEvery = Amount.Seconds(1),
            LearningRate = 0.02,
        };
        var without = Run(spec);
        var with = Run(spec with { Server = new BasgdServer { Buffers = 3, ReassignAfterSeconds = 10 } });
        with.Totals.Reassignments.ShouldBe(1);
        without.Totals.Reassignments.ShouldBe(0);
        with.Totals.End.Steps.ShouldBeGreaterThan(2 * without.Totals.End.Steps);
        without.Curve.Where(static point => point.At.Seconds is > 25 and < 80).Select(static point => point.At.Steps).Distinct().Count().ShouldBeLessThanOrEqualTo(1);
    }

    [Fact]
    public void Who_never_comes_back_starves_a_job_that_cannot_reassign()
    {
        var gone = new OutageDelays(new ConstantDelays(), new HashSet<int> { 1 }, From: 5, Until: double.PositiveInfinity);
        var spec = new SimulationSpec { Workers = 2, Server = new BasgdServer { Buffers = 2, Rule = "mean" }, Delays = gone, Patience = 50 };
        var result = Run(spec);
        result.End.ShouldBe(SimulationEnd.Starved);
        result.Totals.End.Gradients.ShouldBeLessThan(70);
        Run(spec with { Server = new SynchronousServer() }).End.ShouldBe(SimulationEnd.Starved);
        Run(spec with { Server = new BasgdServer { Buffers = 2, Rule = "mean", ReassignAfterSeconds = 5, ShrinkBuffers = true } }).End.ShouldBe(SimulationEnd.Horizon);
    }

    /// <summary>Worker 1 leaves at 5 for good, so that buffer 1 stays empty: worker 0 gives its share and computes no more.</summary>
    [Fact]
    public void A_worker_that_gave_its_share_of_a_round_computes_nothing_until_it_ends()
    {
        var gone = new OutageDelays(new ConstantDelays(), new HashSet<int> { 1 }, From: 5, Until: double.PositiveInfinity);
        var server = new BasgdServer { Buffers = 2, Rule = "mean", MaxContributionsPerRound = 3 };
        using var learner = new Quadratic(2) { Remembers = true };
        var result = Simulation.Run(new SimulationSpec { Workers = 2, Server = server, Delays = gone }, learner, 1000);
        result.End.ShouldBe(SimulationEnd.Starved);
        result.Loyal.Refused.ShouldBe(1);
        learner.Asked.Count(static asked => asked.Worker == 0).ShouldBe((int)result.Totals.End.Steps + 3);
        Run(new SimulationSpec { Workers = 2, Server = server with { ReassignAfterSeconds = 5, ShrinkBuffers = true }, Delays = gone }).End.ShouldBe(SimulationEnd.Horizon);
    }

    /// <summary>At η = 3 every step turns w round and doubles it.</summary>
    [Fact]
    public void Where_training_diverges_the_last_finite_model_is_the_result()
    {
        var result = Run(new SimulationSpec { Server = new SynchronousServer(), LearningRate = 3, Horizon = Amount.Steps(1000) });
        result.End.ShouldBe(SimulationEnd.Diverged);
        result.Diverged.ShouldBeTrue();
        result.DivergedAt.ShouldBe(result.Totals.End);
        result.Totals.End.Steps.ShouldBe(127);
        result.Parameters.ToArray().ShouldAllBe(static w => w == -MathF.Pow(2, 127));
    }

    [Fact]
    public void The_curve_has_the_start_every_interval_and_the_end()
    {
        var result = Run(new SimulationSpec { Server = new AsgdServer(), Horizon = Amount.Steps(47), EvaluateEvery = Amount.Steps(10) });
        result.Curve.Select(static point => point.At.Steps).ShouldBe([0, 10, 20, 30, 40, 47]);
        result.Curve[^1].At.ShouldBe(result.Totals.End);
        result.Curve[^1].At.Epochs.ShouldBe(47 * 25 / 1000.0);
    }

    [Fact]
    public void An_observer_sees_the_buffers_of_every_step()
    {
        List<StepObservation> steps = [];
        using var learner = new Quadratic(10, noise: 0.1);
        var spec = new SimulationSpec { Workers = 6, Byzantine = 1, Attack = "negative-gradient(k=10)", Server = new BasgdServer { Buffers = 3 }, Delays = new ExponentialDelays(), Horizon = Amount.Steps(60), LearningRate = 0.01 };
        var result = Simulation.Run(spec, learner, 1000, new Watch(steps.Add));
        steps.Select(static step => step.At.Steps).ShouldBe(Enumerable.Range(1, 60).Select(static step => (long)step));
        steps.Sum(static step => step.Rows.Sum(static row => row.Contributions.Count)).ShouldBe((int)result.Totals.GradientsApplied);
        steps.ShouldAllBe(static step => step.Rows.Count == 3);

        // The attacker is worker 5, in buffer 2; workers of buffer b are b and b + 3.
        foreach (var step in steps)
            for (var b = 0; b < 3; b++) step.Rows[b].Contributions.ShouldAllBe(contribution => contribution.Worker % 3 == b);
        var attacked = steps.Where(static step => step.Rows[2].Contributions.Any(static contribution => contribution.Worker == 5)).ToList();
        attacked.Count.ShouldBeGreaterThan(10);
        attacked.Average(static step => step.Rows[2].Distance).ShouldBeGreaterThan(5 * attacked.Average(static step => step.Rows[0].Distance));
    }

    [Fact]
    public void Worker_momentum_and_clipping_work_with_any_server()
    {
        var spec = new SimulationSpec { Server = new AsgdServer(), Horizon = Amount.Gradients(100), LearningRate = 0.05 };
        var plain = Run(spec).Parameters.ToArray();
        Run(spec with { WorkerMomentum = 0.9 }).Parameters.ToArray().ShouldNotBe(plain);

        // From a distance of √10, a hundred steps of length 0.05 · 0.1 cover half a unit.
        var clipped = Run(spec with { ClipGradient = 0.1 }).Curve[^1].TestLoss;
        Math.Sqrt(2 * clipped).ShouldBe(Math.Sqrt(10) - 0.5, 1e-3);
    }

    [Fact]
    public void Cancelling_ends_it()
    {
        using var source = new CancellationTokenSource();
        using var learner = new Quadratic(3);
        Should.Throw<OperationCanceledException>(() => Simulation.Run(
            new SimulationSpec { Horizon = Amount.Seconds(1e12), EvaluateEvery = null },
            learner,
            1000,
            new Watch(_ => source.Cancel()),
            source.Token));
    }

    private static SimulationResult Run(SimulationSpec spec)
    {
        using var learner = new Quadratic(10);
        return Simulation.Run(spec, learner, 1000);
    }

    private sealed class Watch(Action<StepObservation> seen) : ISimulationObserver
    {
        public void Stepped(StepObservation step) => seen(step);
    }
}
