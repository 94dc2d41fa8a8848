namespace Basgd.Simulator;

/// <summary>Which server the workers train with, and its parameters.</summary>
public abstract record ServerSpec
{
    /// <summary>A name for tables and pictures.</summary>
    public abstract string Name { get; }
}

/// <summary>
/// BASGD (Yang and Li, ICML 2021), the protocol core that the service runs: its options are those of a job, <see cref="Contracts.JobSpec"/>.
/// Memory: d × (B + the model versions in flight).
/// </summary>
public sealed record BasgdServer : ServerSpec
{
    public override string Name => $"BASGD(B={Buffers}, {Rule})";

    /// <summary>B, 1 … m. Default: 5.</summary>
    public int Buffers { get; init; } = 5;

    /// <summary>Aggregation rule. Default: median.</summary>
    public string Rule { get; init; } = "median";

    /// <summary>r, with B ≥ 2r + 1. Default: the number of Byzantine workers.</summary>
    public int? Tolerate { get; init; }

    /// <summary>Gradients at a model older than this many steps are refused. Default: 100.</summary>
    public long MaxStaleness { get; init; } = 100;

    /// <summary>Δ in virtual seconds; null for no reassignment. Default: null.</summary>
    public double? ReassignAfterSeconds { get; init; }

    /// <summary>Whether a buffer averages over its workers. Default: false, over its gradients.</summary>
    public bool WeighWorkersEqually { get; init; }

    /// <summary>μ of the server's momentum, 0 ≤ μ &lt; 1. Default: 0.</summary>
    public double ServerMomentum { get; init; }

    /// <summary>Steps after which workers are dealt to the buffers anew, ≥ 1; null for never. Default: null.</summary>
    public long? ReshuffleEverySteps { get; init; }

    /// <summary>Rounds above the threshold after which a worker is put in quarantine, ≥ 1; null for none. Default: null.</summary>
    public int? QuarantineAfterRounds { get; init; }

    /// <summary>Belief above which a round counts, above 0.5 and below 1. Default: 0.95.</summary>
    public double QuarantineThreshold { get; init; } = 0.95;

    /// <summary>Whether to go on with fewer buffers while fewer workers are active. Default: false.</summary>
    public bool ShrinkBuffers { get; init; }

    /// <summary>Contributions that a buffer takes from one worker in a round, ≥ 1; the worker then waits for the next round. Default: 1,000.</summary>
    public int MaxContributionsPerRound { get; init; } = 1_000;
}

/// <summary>Asynchronous SGD: a step for every gradient that arrives. BASGD with one buffer, through the same core.</summary>
public sealed record AsgdServer : ServerSpec
{
    public override string Name => "ASGD";

    /// <summary>As in <see cref="BasgdServer"/>; null for no bound. Default: null.</summary>
    public long? MaxStaleness { get; init; }
}

/// <summary>
/// Kardam (Damaskinos et al., ICML 2018): a step w ← w − η·g/(1 + τ) for every gradient that passes a frequency filter (of any 2γ + 1
/// accepted in a row no γ workers sent more than γ) and then a Lipschitz filter (the worker's empirical Lipschitz coefficient
/// ‖g − g′‖/‖w − w′‖ is at most the (m − γ)/m quantile of all workers'). Memory: d × 2m, two vectors a worker for its coefficient.
/// </summary>
public sealed record KardamServer : ServerSpec
{
    public override string Name => $"Kardam(γ={Gamma})";

    /// <summary>γ, the assumed number of Byzantine workers, 0 ≤ γ, 2γ + 1 ≤ m. Default: 0.</summary>
    public int Gamma { get; init; }

    /// <summary>
    /// Whether the server computes a worker's coefficient from what the worker sent. Otherwise the worker reports it beside its gradient,
    /// as in the paper, and a Byzantine worker, which changes the gradient that it sends, reports what an honest one would.
    /// Default: false.
    /// </summary>
    public bool MeasuredByServer { get; init; }
}

/// <summary>
/// SGD in rounds with a barrier: all workers compute at the same model, and a robust rule aggregates their gradients, a row a worker.
/// Memory: d × m, as the rule needs all rows.
/// </summary>
public sealed record SynchronousServer : ServerSpec
{
    public override string Name => $"Synchronous({Rule})";

    /// <summary>Aggregation rule. Default: median.</summary>
    public string Rule { get; init; } = "median";

    /// <summary>f of the rule where it is left out. Default: the number of Byzantine workers.</summary>
    public int? Tolerate { get; init; }

    /// <summary>How many gradients a round waits for, 1 … m; those that come later are thrown away (Chen et al., 2016, backup workers). Default: m.</summary>
    public int? WaitFor { get; init; }
}

/// <summary>Buffered averaging: a step along the mean of every K gradients that arrive (FedBuff, Nguyen et al., AISTATS 2022).</summary>
public sealed record FedBuffServer : ServerSpec
{
    public override string Name => $"FedBuff(K={K})";

    /// <summary>K ≥ 1. Default: 10.</summary>
    public int K { get; init; } = 10;

    /// <summary>Whether a gradient of staleness τ counts 1/√(1 + τ), as in the paper's experiments. Default: false.</summary>
    public bool ScaleByStaleness { get; init; }
}

/// <summary>
/// The server keeps each worker's latest gradient and, every so many arrivals, aggregates all of them by a robust rule, once all
/// have sent one. Memory: d × m.
/// </summary>
public sealed record LatestGradientsServer : ServerSpec
{
    public override string Name => $"LatestGradients({Rule})";

    /// <summary>Aggregation rule. Default: median.</summary>
    public string Rule { get; init; } = "median";

    /// <summary>f of the rule where it is left out. Default: the number of Byzantine workers.</summary>
    public int? Tolerate { get; init; }

    /// <summary>A step every so many arrivals, ≥ 1. Default: 1.</summary>
    public int Every { get; init; } = 1;
}
