using Basgd.Contracts;

namespace Basgd.Simulator.Tests;

/// <summary>A bad spec is refused with field, value and rule.</summary>
public sealed class SpecTests
{
    public static TheoryData<SimulationSpec, string> Wrong => new()
    {
        { new SimulationSpec { Workers = 0 }, "workers = 0" },
        { new SimulationSpec { Byzantine = 9, Attack = "negative-gradient" }, "byzantine = 9: must be <= workers = 8" },
        { new SimulationSpec { Byzantine = 1 }, "byzantine = 1: must be 0 with attack none" },
        { new SimulationSpec { Attack = "mimic" }, "attack = mimic: must be none with byzantine = 0" },
        { new SimulationSpec { Byzantine = 3, Attack = "mimic", Server = new BasgdServer { Buffers = 5 } }, "buffers = 5: must be >= 2 * tolerate + 1 = 7" },
        { new SimulationSpec { Byzantine = 2, Attack = "mimic(epsilon=6)" }, "attack = mimic(epsilon=6): mimic(epsilon=6): 6 honest rows: must be ≥ 7" },
        { new SimulationSpec { LearningRate = 0 }, "learningRate = 0" },
        { new SimulationSpec { Horizon = Amount.Steps(0) }, "horizon = 0: must be a finite number > 0" },
        { new SimulationSpec { EvaluateEvery = Amount.Epochs(-1) }, "evaluateEvery = -1" },
        { new SimulationSpec { Server = new BasgdServer { MaxContributionsPerRound = 0 } }, "maxContributionsPerRound = 0: must be >= 1" },
        { new SimulationSpec { Patience = 0 }, "patience = 0: must be >= 1" },
        { new SimulationSpec { Server = new KardamServer { Gamma = 4 } }, "gamma = 4: must be <= (workers - 1) / 2 = 3" },
        { new SimulationSpec { Server = new FedBuffServer { K = 0 } }, "k = 0: must be >= 1" },
        { new SimulationSpec { Server = new SynchronousServer { WaitFor = 9 } }, "waitFor = 9: must be >= 1 and <= workers = 8" },
        { new SimulationSpec { Server = new SynchronousServer { Rule = "krum(f=3)" } }, "rule = krum(f=3)" },
        { new SimulationSpec { Server = new LatestGradientsServer { Every = 0 } }, "every = 0: must be >= 1" },
        { new SimulationSpec { Delays = new ConstantDelays(0) }, "delays: Seconds = 0: must be a finite number > 0" },
        { new SimulationSpec { Delays = new DropOutDelays(new ParetoDelays(Shape: -1), 2, 3) }, "delays: Shape = -1: must be a finite number > 0; delays: Probability = 2: must be >= 0 and <= 1" },
    };

    [Theory, MemberData(nameof(Wrong))]
    public void Is_refused(SimulationSpec spec, string message)
    {
        using var learner = new Quadratic(2);
        Should.Throw<ArgumentException>(() => Simulation.Run(spec, learner, 10)).Message.ShouldContain(message);
    }

    [Fact]
    public void A_job_becomes_a_simulation_with_its_options()
    {
        var job = new JobSpec { Workers = 12, Buffers = 7, Rule = "krum", Byzantine = 2, Attack = "random-disturbance", Steps = 9, WorkerMomentum = 0.9, ServerMomentum = 0.5, ReassignAfterSeconds = 3, ReshuffleEverySteps = 4, QuarantineAfterRounds = 6, QuarantineThreshold = 0.8, MaxContributionsPerRound = 7, Seed = 5, LearningRate = 0.2, DecayAtEpochs = [1, 2] };
        var spec = job.ToSimulation();
        spec.Problems().ShouldBeEmpty();
        spec.Horizon.ShouldBe(Amount.Steps(9));
        spec.WorkerMomentum.ShouldBe(0.9);
        spec.LearningRate.DecayAtEpochs.ShouldBe([1, 2]);
        spec.Server.ShouldBe(new BasgdServer { Buffers = 7, Rule = "krum", ReassignAfterSeconds = 3, ReshuffleEverySteps = 4, QuarantineAfterRounds = 6, QuarantineThreshold = 0.8, MaxContributionsPerRound = 7, ServerMomentum = 0.5 });
    }
}
