namespace Basgd.Simulator.Tests;

/// <summary>What each server does to a quadratic whose optimum is 0.</summary>
public sealed class ServerTests
{
    public static TheoryData<ServerSpec> Servers =>
    [
        new BasgdServer { Buffers = 5 },
        new BasgdServer { Buffers = 5, ReshuffleEverySteps = 10 },
        new AsgdServer(),
        new KardamServer { Gamma = 2 },
        new SynchronousServer(),
        new FedBuffServer { K = 4 },
        new LatestGradientsServer(),
    ];

    [Theory, MemberData(nameof(Servers))]
    public void Converges_without_attack(ServerSpec server)
    {
        var result = Run(new SimulationSpec { Server = server });
        result.End.ShouldBe(SimulationEnd.Horizon);
        result.Curve[0].TestLoss.ShouldBe(5);
        result.Curve[^1].TestLoss.ShouldBeLessThan(0.05);
    }

    [Theory, MemberData(nameof(Servers))]
    public void The_same_seed_gives_the_same_curve_bit_for_bit(ServerSpec server)
    {
        var spec = new SimulationSpec { Server = server, Byzantine = 1, Attack = "random-disturbance", WorkerMomentum = 0.5 };
        var first = Run(spec);
        var second = Run(spec);
        second.Curve.ShouldBe(first.Curve);
        second.Parameters.ToArray().ShouldBe(first.Parameters.ToArray());
        second.Totals.ShouldBe(first.Totals);
        Run(spec with { Seed = 2 }).Parameters.ToArray().ShouldNotBe(first.Parameters.ToArray());
    }

    private static SimulationResult Run(SimulationSpec spec)
    {
        using var learner = new Quadratic(10, noise: 0.1, spec.Seed);
        spec = spec with { LearningRate = 0.05, Delays = new ExponentialDelays(), Horizon = Amount.Gradients(2000), EvaluateEvery = Amount.Gradients(100) };
        return Simulation.Run(spec, learner, 1000);
    }
}
