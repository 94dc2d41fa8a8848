namespace Basgd.Simulator;

/// <summary>What to simulate.</summary>
public sealed record SimulationSpec
{
    /// <summary>m ≥ 1. Default: 8.</summary>
    public int Workers { get; init; } = 8;

    /// <summary>Of everything that is random: same seed, same curve, bit for bit. Default: 1.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Examples in one gradient, ≥ 1. Default: 25.</summary>
    public int BatchSize { get; init; } = 25;

    /// <summary>Default: BASGD with its defaults.</summary>
    public ServerSpec Server { get; init; } = new BasgdServer();

    /// <summary>Default: 0.1 throughout.</summary>
    public LearningRateSchedule LearningRate { get; init; } = new();

    /// <summary>λ ≥ 0, applied on the server. Default: 0.</summary>
    public double WeightDecay { get; init; }

    /// <summary>μ of the workers' momentum, 0 ≤ μ &lt; 1, with any server; BASGD with it is BASGDm. A d-vector for each worker. Default: 0.</summary>
    public double WorkerMomentum { get; init; }

    /// <summary>Whether workers send u/‖u‖; needs <see cref="WorkerMomentum"/>. Default: false.</summary>
    public bool NormaliseWorkerMomentum { get; init; }

    /// <summary>Norm to which workers scale a longer gradient down, &gt; 0. Default: none.</summary>
    public double? ClipGradient { get; init; }

    /// <summary>Number of workers that mount the attack, the last ones by index, 0 … m. Default: 0.</summary>
    public int Byzantine { get; init; }

    /// <summary>
    /// Any attack of <see cref="Aggregation.Attacks"/>. Attackers that collude see the newest gradient of every honest worker, as it is
    /// sent, with its momentum: the one that it is computing at this moment, at whichever model it fetched, or, while it waits or is
    /// away, the one that it sent last. That is the papers' "all honest gradients of the round" where there are no rounds, and just
    /// that where there is a barrier. The rule that they aim at is the server's, over a row a worker. Costs d × m memory.
    /// Default: none.
    /// </summary>
    public string Attack { get; init; } = "none";

    /// <summary>Default: 1 virtual second a gradient.</summary>
    public IDelayModel Delays { get; init; } = new ConstantDelays();

    /// <summary>Where to end. Default: 10 epochs.</summary>
    public Amount Horizon { get; init; } = Amount.Epochs(10);

    /// <summary>How often to evaluate on the held-out data, besides start and end; null for never. Default: every epoch.</summary>
    public Amount? EvaluateEvery { get; init; } = Amount.Epochs(1);

    /// <summary>Label skew of the shards, &gt; 0. Default: none, IID.</summary>
    public double? DirichletAlpha { get; init; }

    /// <summary>Whether models compute in bfloat16. Default: false.</summary>
    public bool MixedPrecision { get; init; }

    /// <summary>Gradients that may arrive without a step before the run ends as starved, ≥ 1. Default: 100 m, at least 1000.</summary>
    public long? Patience { get; init; }

    /// <summary>Threads that one aggregation may use, ≥ 1; the result is the same for any number. Default: 1.</summary>
    public int AggregationThreads { get; init; } = 1;
}
