using Basgd.Grains.Tests.Protocol;
using Basgd.Simulator.Tests.Twins;
using CsCheck;

namespace Basgd.Simulator.Tests.Servers;

/// <summary>Every server, in every order of arrivals that the delays make, does what its formula says.</summary>
public sealed class TwinTests
{
    private const int Dimension = 7;
    private const float Eta = 0.1f;

    private static readonly IDelayModel[] Delays = [new ConstantDelays(), new TruncatedNormalDelays(), new ExponentialDelays(), new ParetoDelays()];

    private static readonly Gen<SimulationSpec> Specs =
        from workers in Gen.Int[1, 9]
        from seed in Gen.ULong
        from delays in Gen.Int[0, Delays.Length - 1]
        select new SimulationSpec { Workers = workers, Seed = seed, Delays = Delays[delays], LearningRate = Eta, EvaluateEvery = null };

    [Fact]
    public void Basgd_is_the_papers_algorithm_1() =>
        Gen.Select(Specs, Gen.Int[1, 9], Gen.Int[1, 120]).Sample((spec, b, arrivals) =>
        {
            var buffers = Math.Min(b, spec.Workers);
            var paper = new Algorithm1(Start(), spec.Workers, buffers, Eta, static rows => Algorithm1.Aggregate("median", rows));
            Compare(spec with { Server = new BasgdServer { Buffers = buffers, MaxStaleness = 10_000 } }, arrivals, (worker, gradient, _, _) =>
            {
                var before = paper.StepsMade;
                return (paper.Receive(worker, gradient), paper.StepsMade > before);
            });
        }, iter: 100);

    [Fact]
    public void Asgd_steps_along_every_gradient() =>
        Gen.Select(Specs, Gen.Int[1, 120]).Sample((spec, arrivals) =>
        {
            var w = Start();
            Compare(spec with { Server = new AsgdServer() }, arrivals, (_, gradient, _, _) => (w = Descend(w, gradient), true));
        }, iter: 100);

    [Fact]
    public void FedBuff_steps_along_the_mean_of_K_scaled_by_their_staleness() =>
        Gen.Select(Specs, Gen.Int[1, 9], Gen.Int[1, 120], Gen.Bool).Sample((spec, k, arrivals, scaled) =>
        {
            var w = Start();
            List<float[]> waiting = [];
            Compare(spec with { Server = new FedBuffServer { K = k, ScaleByStaleness = scaled } }, arrivals, (_, gradient, staleness, _) =>
            {
                waiting.Add([.. gradient.Select(g => scaled ? (float)(g / Math.Sqrt(1 + staleness)) : g)]);
                if (waiting.Count < k) return (w, false);
                w = Descend(w, [.. Enumerable.Range(0, Dimension).Select(i => (float)waiting.Average(row => (double)row[i]))]);
                waiting.Clear();
                return (w, true);
            }, tolerance: 1e-5);
        }, iter: 100);

    [Fact]
    public void LatestGradients_steps_along_the_aggregate_of_each_workers_latest() =>
        Gen.Select(Specs, Gen.Int[1, 4], Gen.Int[1, 120]).Sample((spec, every, arrivals) =>
        {
            var w = Start();
            var latest = Enumerable.Range(0, spec.Workers).Select(static _ => new float[Dimension]).ToArray();
            var arrived = 0;
            Compare(spec with { Server = new LatestGradientsServer { Every = every } }, arrivals, (worker, gradient, _, _) =>
            {
                latest[worker] = gradient;
                if (++arrived % every != 0) return (w, false);
                return (w = Descend(w, Algorithm1.Aggregate("median", latest)), true);
            });
        }, iter: 100);

    [Fact]
    public void Kardam_filters_and_dampens() =>
        Gen.Select(Specs, Gen.Int[0, 3], Gen.Int[1, 150], Gen.Bool).Sample((spec, g, arrivals, byServer) =>
        {
            var gamma = Math.Min(g, (spec.Workers - 1) / 2);
            var naive = new NaiveKardam(Start(), spec.Workers, gamma, Eta);
            var result = Compare(spec with { Server = new KardamServer { Gamma = gamma, MeasuredByServer = byServer } }, arrivals, naive.Receive);
            result.Loyal.ShouldBe(new GradientCounts(arrivals, naive.ByFrequency, naive.ByLipschitz, 0));
        }, iter: 100);

    [Fact]
    public void Synchronous_rounds_aggregate_every_worker_at_the_same_model() =>
        Gen.Select(Specs, Gen.Int[1, 20]).Sample((spec, rounds) =>
        {
            using var learner = Learner(spec);
            var result = Simulation.Run(spec with { Server = new SynchronousServer(), Horizon = Amount.Steps(rounds) }, learner, 1000);
            var w = Start();
            var slowest = 0.0;
            for (var round = 0; round < rounds; round++)
            {
                w = Descend(w, Algorithm1.Aggregate("median", [.. Enumerable.Range(0, spec.Workers).Select(worker => Gradient(learner, w, worker, round))]));
                slowest += Enumerable.Range(0, spec.Workers).Max(worker => spec.Delays.Next(new TurnStart(spec.Seed, worker, round, 0)).Work);
            }

            result.Parameters.ToArray().ShouldBe(w);
            result.Totals.End.Seconds.ShouldBe(slowest, 1e-6 * slowest);
        }, iter: 100);

    /// <summary>Worker 2 is as slow as three rounds of the others, so all that it sends comes late.</summary>
    [Fact]
    public void A_round_that_waits_for_some_throws_away_what_comes_late()
    {
        var spec = new SimulationSpec
        {
            Workers = 3,
            Server = new SynchronousServer { WaitFor = 2, Rule = "mean" },
            Delays = new RatedDelays(new ConstantDelays(), new Dictionary<int, double> { [2] = 0.3 }),
            Horizon = Amount.Steps(9),
            EvaluateEvery = null,
            LearningRate = Eta,
        };
        using var learner = Learner(spec);
        var result = Simulation.Run(spec, learner, 1000);
        result.Totals.End.Seconds.ShouldBe(9);
        result.Loyal.Refused.ShouldBe(2);
        result.Totals.GradientsApplied.ShouldBe(18);
    }

    private static SimulationResult Compare(SimulationSpec spec, int arrivals, NaiveRun.Receive receive, double tolerance = 0)
    {
        using var learner = Learner(spec);
        var result = Simulation.Run(spec with { Horizon = Amount.Gradients(arrivals) }, learner, 1000);
        result.Totals.End.Gradients.ShouldBe(arrivals);
        result.Parameters.ToArray().ShouldBe(NaiveRun.Of(spec, learner, arrivals, receive), tolerance);
        return result;
    }

    private static Quadratic Learner(SimulationSpec spec) => new(Dimension, noise: 0.5, spec.Seed);

    private static float[] Start() => [.. Enumerable.Repeat(1f, Dimension)];

    private static float[] Descend(float[] w, float[] direction) => [.. w.Zip(direction, static (x, g) => x - (Eta * g))];

    private static float[] Gradient(Quadratic learner, float[] w, int worker, long sequence)
    {
        var gradient = new float[Dimension];
        learner.Gradient(w, worker, sequence, gradient);
        return gradient;
    }
}
