using Basgd.Experiments.Running;
using Basgd.Learning;
using Basgd.Learning.Data;
using Basgd.Simulator;

namespace Basgd.Experiments.Tests;

public sealed class RunningTests
{
    private static readonly Setup Setup = new("softmax", "synthetic", new SimulationSpec { Horizon = Amount.Gradients(60), EvaluateEvery = null, Delays = new TruncatedNormalDelays() });

    [Fact]
    public void A_runs_key_depends_on_all_of_its_setup()
    {
        RunKey.Of(Setup).ShouldBe(RunKey.Of(Setup with { Spec = Setup.Spec with { } }));
        Setup[] others =
        [
            Setup with { Model = "lenet5" },
            Setup with { KeepsBeliefs = true },
            Setup with { Spec = Setup.Spec with { Seed = 2 } },
            Setup with { Spec = Setup.Spec with { Server = new BasgdServer { Buffers = 4 } } },
            Setup with { Spec = Setup.Spec with { Server = new BasgdServer { Rule = "mean" } } },
            Setup with { Spec = Setup.Spec with { Delays = new TruncatedNormalDelays(Deviation: 2) } },
            Setup with { Spec = Setup.Spec with { Delays = new ExponentialDelays() } },
            Setup with { Spec = Setup.Spec with { Delays = RatedDelays.OfLast(1, 8, 10, Setup.Spec.Delays) } },
            Setup with { Spec = Setup.Spec with { Delays = RatedDelays.OfLast(1, 8, 20, Setup.Spec.Delays) } },
            Setup with { Spec = Setup.Spec with { Delays = new OutageDelays(Setup.Spec.Delays, new HashSet<int> { 1 }, 5, double.PositiveInfinity) } },
        ];
        others.Append(Setup).Select(RunKey.Of).ShouldBeUnique();
    }

    [Fact]
    public void A_kept_run_is_found_again_and_a_torn_one_is_not()
    {
        using var folder = new TemporaryFolder();
        var store = new RunStore(folder.Path);
        store.Find(Setup).ShouldBeNull();
        var run = Given.Run(3, (0, double.NaN), (10, 0.5));
        store.Keep(Setup, run);
        var found = store.Find(Setup).ShouldNotBeNull();
        found.Curve.ShouldBe(run.Curve);
        found.Beliefs.ShouldBe(run.Beliefs);
        (found with { Curve = run.Curve, Beliefs = run.Beliefs }).ShouldBe(run);

        File.WriteAllText(Directory.GetFiles(folder.Path).Single(), "{\"Seed\":");
        store.Find(Setup).ShouldBeNull();
    }

    [Fact]
    [Trait("category", "slow")]
    public async Task Results_do_not_depend_on_how_many_run_at_a_time()
    {
        Trial[] trials = [new("peace", "ASGD", Setup with { Spec = Setup.Spec with { Server = new AsgdServer() } }), new("peace", "BASGD", Setup)];
        var alone = await Curves(trials, parallel: 1);
        var together = await Curves(trials, parallel: 4);
        together.ShouldBe(alone);
        alone.Distinct().Count().ShouldBeGreaterThan(2);
    }

    [Fact]
    public async Task An_unknown_model_is_told_with_those_that_are_known()
    {
        using var folder = new TemporaryFolder();
        var runner = new Runner(Workloads.BuiltIn(new DataOptions()), new RunStore(folder.Path), 1, static _ => { });
        (await Should.ThrowAsync<ArgumentException>(() => runner.Run(Setup with { Model = "vgg" }, CancellationToken.None))).Message.ShouldContain("model = vgg on dataset = synthetic: must be one of ");
    }

    private static async Task<IReadOnlyList<CurvePoint>> Curves(Trial[] trials, int parallel)
    {
        using var folder = new TemporaryFolder();
        var runner = new Runner(Workloads.BuiltIn(new DataOptions()), new RunStore(folder.Path), parallel, static _ => { });
        var outcomes = await runner.Run(trials, [1, 2], CancellationToken.None);
        return [.. outcomes.SelectMany(static outcome => outcome.Runs).SelectMany(static run => run.Curve)];
    }
}
