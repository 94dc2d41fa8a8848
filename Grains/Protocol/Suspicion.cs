using Basgd.Contracts;

namespace Basgd.Protocol;

/// <summary>
/// How likely each worker is Byzantine, by what the buffers show that it was in. Quantitative group testing: a buffer is a pool, a
/// step a test of all of them, and what is measured of a pool is a mean over its contributions, so that different pools tell their
/// members apart. Two numbers of each worker are estimated, by a Kalman filter whose covariance is kept diagonal: the
/// <see cref="Power"/> of its deviation from the aggregate, huge of negated and noisy gradients, small of those that are made to lie
/// in the middle; and its <see cref="Lean"/> along the aggregate, which collusion moves, as all its vectors point to one side.
/// A worker is suspect where either is not what most workers' is: "most" adapts to data that differ, and so to non-IID shares.
/// In a buffer that is louder than expected a suspect excuses the others, and a quiet buffer clears everybody in it. What contradicts
/// a worker's past ends its past, and is half believed until a second time: of a model that has learnt all, gradients are next to
/// nothing but where a hard example is among them. Workers that always share a buffer cannot be told apart: deal them anew.
/// Immutable. Memory 4m numbers; time of a round O(contributions + m log m).
/// </summary>
public sealed class Suspicion
{
    /// <summary>Share of Byzantine workers that is assumed before anything is known.</summary>
    public const double Prior = 0.1;

    /// <summary>Standard deviations that honest workers' powers and leans have at least, and how much more Byzantine ones' have.</summary>
    private const double PowerNarrow = 0.2, PowerWide = 3, LeanNarrow = 0.4, LeanWide = 4;

    /// <summary>Deviations from the expected beyond which an observation is not for noise.</summary>
    private const double Surprising = 3;

    private readonly Lazy<IReadOnlyList<double>> beliefs;

    /// <summary>Nothing is known of anybody.</summary>
    public Suspicion(int workers)
        : this(new Trait(workers), new Trait(workers))
    {
    }

    /// <summary>Goes on from what was stored.</summary>
    public Suspicion(Trait power, Trait lean)
    {
        (Power, Lean) = (power, lean);
        beliefs = new(() => [.. power.LogRatios(PowerNarrow, PowerWide).Zip(lean.LogRatios(LeanNarrow, LeanWide), Belief)]);
    }

    /// <summary>log of the mean square of a contribution's deviation from the aggregate; not to be changed.</summary>
    public Trait Power { get; }

    /// <summary>A contribution's part along the aggregate, in deviations of a buffer's; not to be changed.</summary>
    public Trait Lean { get; }

    /// <summary>The belief that each worker is Byzantine, 0 … 1, by worker.</summary>
    public IReadOnlyList<double> Beliefs => beliefs.Value;

    /// <summary>Whether anything was learnt of anybody.</summary>
    public bool IsKnown => Power.Variances.Any(static variance => variance < Trait.Unknown);

    /// <summary>What is believed after a step.</summary>
    /// <param name="contributions">What the buffers were made of, in their order.</param>
    /// <param name="spread">How they lay.</param>
    public Suspicion Learn(IReadOnlyList<IReadOnlyList<Contribution>> contributions, Spread spread)
    {
        var pools = Pool.Of(contributions, spread);
        if (pools.Count == 0) return this;
        var next = new Suspicion(Power.Later(), Lean.Later());

        // All from what was known before: the order of the buffers must not matter.
        foreach (var pool in pools)
        {
            LearnPower(pool, next.Power);
            LearnLean(pool, next.Lean);
        }

        return next;
    }

    /// <summary>The same with one worker of which nothing is known.</summary>
    public Suspicion Without(int worker)
    {
        var next = new Suspicion(Power.Later(), Lean.Later());
        next.Power.Forget(worker);
        next.Lean.Forget(worker);
        return next;
    }

    private void LearnPower(Pool pool, Trait next)
    {
        double[] parts = [.. pool.Shares.Select(share => share.Share * Math.Exp(Power.Means[share.Worker]))];
        var whole = parts.Sum();
        var surprise = pool.Power - Math.Log(whole);
        double[] weights = [.. parts.Select(part => part / whole)];
        double[] doubts = [.. pool.Shares.Select((share, i) => weights[i] * weights[i] * (Power.Variances[share.Worker] + (surprise > 0 ? Excuse(share.Worker, PowerWide) : 0)))];
        var all = doubts.Sum();
        for (var i = 0; i < doubts.Length; i++)
        {
            var worker = pool.Shares[i].Worker;
            var noise = pool.PowerNoise + Math.Max(0, all - doubts[i]);
            var square = weights[i] * weights[i];
            if (surprise * surprise > Surprising * Surprising * (noise + (square * next.Variances[worker])))
            {
                // The worker's doing or this round's alone, both as likely: its next gradient tells.
                var known = next.Variances[worker];
                next.Doubt(worker, surprise * surprise);
                noise += square * (next.Variances[worker] - known);
            }

            next.Learn(worker, surprise, weights[i], noise);
        }
    }

    private void LearnLean(Pool pool, Trait next)
    {
        var surprise = pool.Lean - pool.Shares.Sum(share => share.Share * Lean.Means[share.Worker]);
        double[] doubts = [.. pool.Shares.Select(share => share.Share * share.Share * (Lean.Variances[share.Worker] + Excuse(share.Worker, LeanWide)))];
        var all = doubts.Sum();
        for (var i = 0; i < doubts.Length; i++)
        {
            var (worker, share) = pool.Shares[i];
            var noise = pool.LeanNoise + Math.Max(0, all - doubts[i]);
            var most = Surprising * Math.Sqrt(noise + (share * share * next.Variances[worker]));
            next.Learn(worker, Math.Clamp(surprise, -most, most), share, noise);
        }
    }

    /// <summary>What a suspect may have done to a buffer, as a variance: so much less it tells of the others in it.</summary>
    private double Excuse(int worker, double wide) => Beliefs[worker] * wide * wide;

    /// <summary>An attack shows in one of the two, and it is not known in which.</summary>
    private static double Belief(double power, double lean)
    {
        var larger = Math.Max(power, lean);
        var ratio = larger + Math.Log((Math.Exp(power - larger) + Math.Exp(lean - larger)) / 2);
        return 1 / (1 + Math.Exp(-(Math.Log(Prior / (1 - Prior)) + ratio)));
    }
}
