using System.ComponentModel;

namespace Basgd.Contracts;

/// <summary>What a user asks for: one training run. The YAML file has these names in lower camel case.</summary>
[GenerateSerializer, Immutable, Alias("basgd.job-spec")]
public sealed record JobSpec
{
    [Id(0), Description("Name of the job: letters, digits, '.', '_' and '-', at most 64. Default: model-dataset.")]
    public string? Name { get; init; }

    [Id(1), Description("Model to train; see `basgd models`. Default: lenet5.")]
    public string Model { get; init; } = "lenet5";

    [Id(2), Description("Data set to train on; see `basgd datasets`. Default: fashion-mnist.")]
    public string Dataset { get; init; } = "fashion-mnist";

    [Id(3), Description("Number of workers m, each with its own share of the data. Default: 8.")]
    public int Workers { get; init; } = 8;

    [Id(4), Description("Number of buffers B; 1 … workers. Default: 5.")]
    public int Buffers { get; init; } = 5;

    [Id(5), Description("How many workers r are assumed Byzantine or hopelessly late; buffers >= 2r + 1. Default: the number of byzantine workers.")]
    public int? Tolerate { get; init; }

    [Id(6), Description("Number of workers that mount the attack, the last ones by index, to try a job's defences. Default: 0.")]
    public int Byzantine { get; init; }

    [Id(7), Description("What Byzantine workers send, such as negative-gradient(k=10); see `basgd attacks`. Default: none.")]
    public string Attack { get; init; } = "none";

    [Id(8), Description("Aggregation rule, such as median or nnm|trimmed-mean(f=1); f is `tolerate` where it is left out; see `basgd rules`. Default: median.")]
    public string Rule { get; init; } = "median";

    [Id(9), Description("Learning rate. Default: 0.1.")]
    public double LearningRate { get; init; } = 0.1;

    [Id(10), Description("Factor by which the learning rate is multiplied at each of `decayAtEpochs`. Default: 0.1.")]
    public double DecayFactor { get; init; } = 0.1;

    [Id(11), Description("Epochs at which the learning rate decays, ascending. Default: none.")]
    public IReadOnlyList<double> DecayAtEpochs { get; init; } = [];

    [Id(12), Description("Weight decay, applied on the server where no worker can bend it. Default: 0.")]
    public double WeightDecay { get; init; }

    [Id(13), Description("Examples in one gradient. Default: 25.")]
    public int Batch { get; init; } = 25;

    [Id(14), Description("Passes over the training set to train for; a gradient that went into a step counts its batch. Give this or `steps`. Default: 10 where `steps` is left out.")]
    public double? Epochs { get; init; }

    [Id(15), Description("SGD steps to train for. Give this or `epochs`. Default: none.")]
    public long? Steps { get; init; }

    [Id(16), Description("Seed of everything random in the job. Default: 1.")]
    public ulong Seed { get; init; } = 1;

    [Id(17), Description("Label skew of the workers' shares: alpha of a Dirichlet distribution, small is skewed. Default: none, every share alike (IID).")]
    public double? DirichletAlpha { get; init; }

    [Id(18), Description("What a crash may lose: step (a step is durable before anybody sees it), acknowledged (nothing acknowledged), or interval (at most `checkpointSteps` steps or `checkpointSeconds` seconds). Default: step.")]
    public Durability Durability { get; init; } = Durability.Step;

    [Id(19), Description("With durability interval: steps between checkpoints. Default: none.")]
    public long? CheckpointSteps { get; init; }

    [Id(20), Description("With durability interval: seconds between checkpoints. Default: 10 where `checkpointSteps` is left out.")]
    public double? CheckpointSeconds { get; init; }

    [Id(21), Description("Gradients taken at a model older than this many steps are refused. Default: 100.")]
    public long MaxStaleness { get; init; } = 100;

    [Id(22), Description("Seconds without a step after which buffers are emptied and active workers spread over all of them. Default: 30.")]
    public double ReassignAfterSeconds { get; init; } = 30;

    [Id(23), Description("Seconds between evaluations on the held-out data while training; 0 for none but the last. Default: 10.")]
    public double EvaluateEverySeconds { get; init; } = 10;

    [Id(24), Description("Momentum mu of the workers, below 1: each sends u = mu u + (1 - mu) g in place of its gradient g. A silo that takes a worker up starts it again at u = g. Default: 0.")]
    public double WorkerMomentum { get; init; }

    [Id(25), Description("Whether workers send u / |u|, so that none pulls harder than another; needs `workerMomentum`, and a learning rate that fits steps of length 1. Default: false.")]
    public bool NormaliseWorkerMomentum { get; init; }

    [Id(26), Description("Euclidean norm to which workers scale a longer gradient down, before the momentum. Default: none, no clipping.")]
    public double? ClipGradient { get; init; }

    [Id(27), Description("Whether a buffer averages over its workers, each with its own mean in the round, so that one that sends many gradients weighs no more; takes as much memory as a model for each worker heard in a round. Default: false, the mean over gradients.")]
    public bool WeighWorkersEqually { get; init; }

    [Id(28), Description("Momentum mu of the server, below 1: a step goes along v = mu v + aggregate. Stored with the model, which becomes twice as large. Default: 0.")]
    public double ServerMomentum { get; init; }

    [Id(29), Description("Whether to record which gradient went into which buffer of which step, for `basgd verify`; with durability interval at least every 256th step is durable then. Default: false.")]
    public bool Ledger { get; init; }

    [Id(30), Description("Whether to go on with fewer buffers while fewer workers than `buffers` are active, down to 2 tolerate + 1 and what the rule takes, instead of waiting. Default: false.")]
    public bool ShrinkBuffers { get; init; }

    [Id(31), Description("Threads that one aggregation may use; the result is the same for any number. Default: 0, as many as the silo has processors.")]
    public int AggregationThreads { get; init; }

    [Id(32), Description("Whether models compute in bfloat16, with noisier gradients: on a GPU faster and in half the memory, on a processor neither, only rounded alike. Parameters, normalisation, loss and aggregation stay in single precision. Default: false.")]
    public bool MixedPrecision { get; init; }

    [Id(33), Description("Steps after which workers are dealt to the buffers anew, by the seed, so that suspicion tells those apart that shared one. Gradients on their way are lost then: give several times as many steps as are made during one gradient of a slow worker. Default: none, the mapping changes only where a buffer starves.")]
    public long? ReshuffleEverySteps { get; init; }

    [Id(34), Description("Rounds, of those that a worker contributed to, in a row in which the belief that it is Byzantine lies above `quarantineThreshold`, after which its gradients are refused until `basgd lift`; never of more than `tolerate` workers at once. Every step is measured then; give `reshuffleEverySteps` too: whoever else sends to its buffer, so many of the rounds must be without that one. Default: none, no quarantine.")]
    public int? QuarantineAfterRounds { get; init; }

    [Id(35), Description("Belief above which a round counts for `quarantineAfterRounds`, above 0.5 and below 1. Default: 0.95.")]
    public double QuarantineThreshold { get; init; } = 0.95;

    [Id(36), Description("Contributions that a buffer takes from one worker in a round. The worker then waits for the next round and computes nothing meanwhile, so that workers of a job that cannot make a step leave the processors alone. Default: 1000.")]
    public int MaxContributionsPerRound { get; init; } = 1_000;

    /// <summary>The name, or what stands for it where it is left out.</summary>
    public string EffectiveName => Name ?? $"{Model}-{Dataset}";

    /// <summary>r, or what stands for it where it is left out.</summary>
    public int EffectiveTolerate => Tolerate ?? Byzantine;

    /// <summary>Epochs to train for; null where `steps` decides.</summary>
    public double? EffectiveEpochs => Steps is null ? Epochs ?? 10 : null;

    /// <summary>Seconds between checkpoints of durability interval; null where `checkpointSteps` alone decides.</summary>
    public double? EffectiveCheckpointSeconds => CheckpointSeconds ?? (CheckpointSteps is null ? 10 : null);

    /// <summary>Threads for an aggregation on this machine.</summary>
    public int EffectiveAggregationThreads => AggregationThreads == 0 ? Environment.ProcessorCount : AggregationThreads;

    /// <summary>Whether the worker mounts the attack: the last ones do, so that they start in different buffers.</summary>
    public bool IsByzantine(int worker) => worker >= Workers - Byzantine;
}

/// <summary>What a crash may lose.</summary>
[GenerateSerializer, Alias("basgd.durability")]
public enum Durability
{
    /// <summary>Every step is durable before it is visible; at most gradients of the unfinished round are lost.</summary>
    Step,

    /// <summary>Buffers persist before they acknowledge: nothing acknowledged is lost.</summary>
    Acknowledged,

    /// <summary>At most so many steps or seconds are lost; the generation goes up.</summary>
    Interval,
}
