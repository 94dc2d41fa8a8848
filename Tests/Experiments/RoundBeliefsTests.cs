using Basgd.Experiments.Running;
using Basgd.Simulator;

namespace Basgd.Experiments.Tests;

public sealed class RoundBeliefsTests
{
    [Theory]
    [InlineData(new[] { 0.1, 0.2, 0.3, 0.9, 0.96 }, 2, 1, 0.5)]
    [InlineData(new[] { 0.1, 0.2, 0.95, 0.9, 0.96 }, 2, 0.5, 0.5)]
    [InlineData(new[] { 0.1, 0.99, 0.98, 0.9, 0.96 }, 2, 0, 0.5)]
    [InlineData(new[] { 0.1, 0.2, 0.1, 0.2, 0.3 }, 2, 0.5, 0)] // As suspect as a loyal one is not found.
    [InlineData(new[] { 0.1, 0.1 }, 0, double.NaN, double.NaN)]
    public void Attackers_are_on_top_where_no_loyal_worker_is_as_suspect(double[] beliefs, int attackers, double onTop, double caught)
    {
        var round = RoundBeliefs.Of(default, beliefs, attackers);
        round.OnTop.ShouldBe(onTop);
        round.Caught.ShouldBe(caught);
    }

    [Fact]
    public void Loyal_workers_are_counted_by_how_wrong_one_is()
    {
        var round = RoundBeliefs.Of(new Progress(1, 2, 3, 4), [0.5, 0.51, 0.96, 0.1, 0.99], attackers: 1);
        (round.FalselySuspected, round.FalselyCondemned, round.HighestLoyal).ShouldBe((0.5, 0.25, 0.96));
        round.At.Steps.ShouldBe(3);
    }

    [Fact]
    [Trait("category", "slow")]
    public async Task They_are_kept_of_every_step_where_the_setup_says_so()
    {
        using var folder = new TemporaryFolder();
        var runner = new Runner(Learning.Workloads.BuiltIn(new Learning.Data.DataOptions()), new RunStore(folder.Path), 1, static _ => { });
        var setup = new Setup("softmax", "synthetic", new SimulationSpec { Horizon = Amount.Steps(12), EvaluateEvery = null, Byzantine = 1, Attack = "negative-gradient(k=10)" });
        (await runner.Run(setup, CancellationToken.None)).Beliefs.ShouldBeEmpty();
        var run = await runner.Run(setup with { KeepsBeliefs = true }, CancellationToken.None);
        run.Beliefs.Select(static round => round.At.Steps).ShouldBe(Enumerable.Range(1, 12).Select(static step => (long)step));
        run.Beliefs.ShouldAllBe(static round => round.HighestLoyal > 0 && round.HighestLoyal <= 1);
    }
}
