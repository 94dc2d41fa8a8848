using System.Collections.Concurrent;
using Basgd.Aggregation;
using Basgd.Aggregation.Memory;
using Basgd.Contracts;
using Basgd.Protocol;

namespace Basgd.Grains.Tests.Protocol.Simulation;

/// <summary>A job that has made some steps without any trouble, each of one gradient from every worker.</summary>
internal static class Beginning
{
    private static readonly ConcurrentDictionary<(int, int, int), ModelState> Made = [];

    public static ModelState Of(JobSpec spec, int steps) => Made.GetOrAdd((spec.Workers, spec.Buffers, steps), _ => Make(spec, steps));

    private static ModelState Make(JobSpec spec, int steps)
    {
        var rule = Rules.Create<float>("median");
        var state = ModelState.Initial(ParameterVector.Zeros(World.Dimension), spec.Workers, spec.Buffers, spec.Ledger);
        for (var step = 0; step < steps; step++)
        {
            var seals = Enumerable.Range(0, spec.Buffers).Select(b => Seal(state, b)).ToArray();
            state = Step.Make(state, seals, rule, World.LearningRate, World.WeightDecay);
        }

        return state;
    }

    private static SealedRound Seal(ModelState state, int buffer)
    {
        var step = state.Version.Step;
        var mean = new BufferMean();
        var contributions = state.Routing.BufferOf.Index().Where(entry => entry.Item == buffer).Select(entry => new Contribution(entry.Index, step, state.Version)).ToArray();
        foreach (var contribution in contributions) mean.TryAdd(BufferMean.Everyone, SimulatedWorker.Gradient(contribution.Worker, contribution.Sequence));
        return new SealedRound(step, mean.Close(), contributions, 0);
    }
}
