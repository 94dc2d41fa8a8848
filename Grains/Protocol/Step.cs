using Basgd.Aggregation;
using Basgd.Aggregation.Kernels;
using Basgd.Aggregation.Memory;
using Basgd.Contracts;

namespace Basgd.Protocol;

/// <summary>
/// One SGD step of BASGD (Yang and Li, ICML 2021, Algorithm 1): G = Aggr(h_1 … h_B), w ← w − η(G + λw). With momentum μ on the
/// server v takes the place of G: v ← μv + G (Polyak, 1964), from v = 0.
/// </summary>
public static class Step
{
    /// <summary>Weight of the newest step in the smoothed training loss.</summary>
    private const double LossSmoothing = 0.05;

    /// <summary>
    /// Whether a buffer's sealed round may go into the step: all of it is new, and from workers that are mapped to the buffer.
    /// It is not where the buffer was re-activated, or missed an opening, since the model last spoke to it: open it again.
    /// </summary>
    public static bool CanTake(ModelState state, int buffer, SealedRound seal) => seal.Contributions.All(contribution =>
        contribution.Sequence > state.LastApplied[contribution.Worker] && state.Routing.BufferOf[contribution.Worker] == buffer);

    /// <summary>Makes the state after the step; the one before is left as it is.</summary>
    /// <param name="seals">The B sealed rounds, by buffer.</param>
    /// <param name="learningRate">η.</param>
    /// <param name="weightDecay">λ.</param>
    /// <param name="momentum">μ, 0 ≤ μ &lt; 1.</param>
    /// <param name="spread">Filled with how the buffers lie, where it is given, and suspicion learns from it; that costs one more pass over them.</param>
    /// <exception cref="ArgumentException">The rule refuses the rows; nothing changed.</exception>
    /// <exception cref="DivergedException">The new parameters are not finite; nothing changed.</exception>
    public static ModelState Make(ModelState state, IReadOnlyList<SealedRound> seals, IRule<float> rule, double learningRate, double weightDecay, double momentum = 0, Spread? spread = null)
    {
        // Without momentum the direction is not needed afterwards: the next parameters take its place.
        var direction = ParameterVector.Rent(state.Parameters.Length);
        var next = momentum > 0 ? ParameterVector.Rent(state.Parameters.Length) : direction;
        try
        {
            ReadOnlyMemory<float>[] rows = [.. seals.Select(static seal => seal.Mean.Memory)];
            rule.Aggregate(rows, direction.Span, state.Version.Step);
            spread?.Measure(rows, direction.Memory);
            if (momentum > 0 && state.Velocity is not null) Accelerate(direction.Span, state.Velocity.Span, (float)momentum);
            Descend(state.Parameters.Span, direction.Span, (float)learningRate, (float)weightDecay, next.Span);
            if (!Finite.All(next.Span)) throw new DivergedException($"training diverged: step {state.Version.Step + 1} would make parameters that are not finite");
        }
        catch
        {
            direction.Return();
            next.Return();
            throw;
        }

        return state with
        {
            Version = state.Version with { Step = state.Version.Step + 1 },
            Parameters = next,
            GradientsApplied = state.GradientsApplied + seals.Sum(seal => (long)seal.Contributions.Count),
            LastApplied = Applied(state.LastApplied, seals),
            TrainingLoss = Smooth(state.TrainingLoss, seals),
            Velocity = momentum > 0 ? direction : null,
            Ledger = state.Ledger?.Append(state, seals),
            Suspicion = spread is null ? state.Suspicion : state.Suspicion.Learn([.. seals.Select(static seal => seal.Contributions)], spread),
        };
    }

    private static void Accelerate(Span<float> direction, ReadOnlySpan<float> velocity, float momentum)
    {
        for (var i = 0; i < direction.Length; i++) direction[i] += momentum * velocity[i];
    }

    private static void Descend(ReadOnlySpan<float> parameters, ReadOnlySpan<float> direction, float learningRate, float weightDecay, Span<float> next)
    {
        for (var i = 0; i < parameters.Length; i++)
            next[i] = parameters[i] - (learningRate * (direction[i] + (weightDecay * parameters[i])));
    }

    private static long[] Applied(IReadOnlyList<long> before, IReadOnlyList<SealedRound> seals)
    {
        long[] applied = [.. before];
        foreach (var seal in seals)
            foreach (var contribution in seal.Contributions)
                applied[contribution.Worker] = Math.Max(applied[contribution.Worker], contribution.Sequence);
        return applied;
    }

    /// <summary>The median over buffers, so that a lying minority cannot bend even the display.</summary>
    private static double Smooth(double before, IReadOnlyList<SealedRound> seals)
    {
        var losses = seals.Select(seal => seal.MeanLoss).Where(double.IsFinite).Order().ToArray();
        if (losses.Length == 0) return before;
        var median = (losses[(losses.Length - 1) / 2] + losses[losses.Length / 2]) / 2;
        return double.IsNaN(before) ? median : before + (LossSmoothing * (median - before));
    }
}
