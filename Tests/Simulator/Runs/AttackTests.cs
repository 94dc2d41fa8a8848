namespace Basgd.Simulator.Tests.Runs;

/// <summary>Attacks on a quadratic whose optimum is 0; the loss at the start is 5.</summary>
public sealed class AttackTests
{
    private static readonly SimulationSpec Spec = new()
    {
        Workers = 10,
        Byzantine = 2,
        Attack = "negative-gradient(k=10)",
        LearningRate = 0.05,
        Delays = new ExponentialDelays(),
        Horizon = Amount.Gradients(4000),
        EvaluateEvery = null,
    };

    [Theory]
    [InlineData("median")]
    [InlineData("trimmed-mean")]
    [InlineData("geometric-median")]
    [InlineData("krum")]
    public void Basgd_survives_negative_gradients(string rule) =>
        Run(Spec with { Server = new BasgdServer { Buffers = 8, Rule = rule } }).Curve[^1].TestLoss.ShouldBeLessThan(0.05);

    [Fact]
    public void Asgd_does_not() => Run(Spec with { Server = new AsgdServer() }).Curve[^1].TestLoss.ShouldBeGreaterThan(1e6);

    /// <summary>Workers report the coefficients of their gradients before they turn them round, so both kinds are filtered alike: the paper's table 1.</summary>
    [Fact]
    public void Nor_does_Kardam_which_filters_loyal_and_byzantine_gradients_alike()
    {
        var result = Run(Spec with { Server = new KardamServer { Gamma = 2 } });
        result.Curve[^1].TestLoss.ShouldBeGreaterThan(1e3);
        (result.Loyal.FilteredShare + result.Byzantine.FilteredShare).ShouldBeGreaterThan(0);
    }

    [Fact]
    public void A_server_that_measures_coefficients_itself_sees_that_they_are_ten_times_as_large()
    {
        var result = Run(Spec with { Server = new KardamServer { Gamma = 3, MeasuredByServer = true } });
        (result.Byzantine.FilteredByLipschitz / (double)result.Byzantine.Received).ShouldBeGreaterThan(2.0 * result.Loyal.FilteredByLipschitz / result.Loyal.Received);
    }

    [Theory]
    [InlineData("inner-product-manipulation(tau=20)")]
    [InlineData("optimal-inner-product-manipulation")]
    public void Colluders_defeat_the_mean_and_not_the_median(string attack)
    {
        var spec = Spec with { Attack = attack };
        Run(spec with { Server = new BasgdServer { Buffers = 10, Rule = "mean" } }).Curve[^1].TestLoss.ShouldBeGreaterThan(5);
        Run(spec with { Server = new BasgdServer { Buffers = 10, Rule = "median" } }).Curve[^1].TestLoss.ShouldBeLessThan(0.5);
    }

    [Theory]
    [InlineData("a-little-is-enough")]
    [InlineData("mimic(epsilon=3)")]
    [InlineData("silent")]
    [InlineData("nan")]
    [InlineData("infinity")]
    public void Every_other_attack_takes_place(string attack)
    {
        var honest = Run(Spec with { Byzantine = 0, Attack = "none" });
        var result = Run(Spec with { Attack = attack, Server = new BasgdServer { Buffers = 8 }, Horizon = Amount.Gradients(2000) });
        result.Parameters.ToArray().ShouldNotBe(honest.Parameters.ToArray());
        if (attack == "silent") result.Byzantine.Received.ShouldBe(0);
        if (attack is "nan" or "infinity") result.Byzantine.Refused.ShouldBe(result.Byzantine.Received);
        if (attack is "a-little-is-enough" or "mimic(epsilon=3)") result.Curve[^1].TestLoss.ShouldBeLessThan(0.05);
    }

    /// <summary>Two honest workers at w = 1 and the attacker's −2 times their mean: 1 + 1 − 2 = 0, so nothing moves. Whether it comes first or last.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Colluders_see_the_newest_gradient_of_every_honest_worker(double rate)
    {
        var spec = Spec with
        {
            Workers = 3,
            Byzantine = 1,
            Attack = "inner-product-manipulation(tau=2)",
            Server = new SynchronousServer { Rule = "mean", Tolerate = 0 },
            Delays = RatedDelays.OfLast(1, 3, rate, new ConstantDelays()),
            Horizon = Amount.Steps(5),
        };
        using var learner = new Quadratic(4) { Remembers = true };
        Simulation.Run(spec, learner, 1000).Parameters.ToArray().ShouldAllBe(static w => Math.Abs(w - 1) < 1e-6);
        learner.Asked.ShouldAllBe(static asked => asked.Worker < 2, "attackers need no gradient of their own");
    }

    /// <summary>In buffers of their own, worker 0's gradient is taken at w = 1, worker 1's at the model of now.</summary>
    [Fact]
    public void Colluders_see_gradients_at_the_models_that_their_workers_fetched()
    {
        var spec = Spec with
        {
            Workers = 3,
            Byzantine = 1,
            Attack = "inner-product-manipulation(tau=1)",
            Server = new AsgdServer(),
            LearningRate = 0.5,

            // Worker 1 arrives at 1 and fetches w = 1/2; the attacker arrives at 1.5; worker 0 much later.
            Delays = new RatedDelays(new ConstantDelays(), new Dictionary<int, double> { [0] = 0.01, [2] = 1 / 1.5 }),
            Horizon = Amount.Gradients(2),
        };
        using var learner = new Quadratic(4);
        Simulation.Run(spec, learner, 1000).Parameters.ToArray().ShouldAllBe(static w => Math.Abs(w - (0.5f + (0.5f * 0.75f))) < 1e-6);
    }

    private static SimulationResult Run(SimulationSpec spec)
    {
        using var learner = new Quadratic(10, noise: 0.1);
        return Simulation.Run(spec, learner, 1000);
    }
}
