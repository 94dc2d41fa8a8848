using System.Globalization;
using Basgd.Aggregation;
using Basgd.Contracts;

namespace Basgd.Simulator;

/// <summary>A simulation as the job that it imitates, and the other way round; and what is wrong with it.</summary>
public static class SpecTranslation
{
    /// <summary>The simulation of a job: its options, with Δ in virtual seconds; durability, ledger and evaluation by the clock have no counterpart.</summary>
    /// <param name="job">A valid spec.</param>
    public static SimulationSpec ToSimulation(this JobSpec job)
    {
        ArgumentNullException.ThrowIfNull(job);
        return new SimulationSpec
        {
            Workers = job.Workers,
            Seed = job.Seed,
            BatchSize = job.Batch,
            LearningRate = new LearningRateSchedule(job.LearningRate, job.DecayFactor, job.DecayAtEpochs),
            WeightDecay = job.WeightDecay,
            WorkerMomentum = job.WorkerMomentum,
            NormaliseWorkerMomentum = job.NormaliseWorkerMomentum,
            ClipGradient = job.ClipGradient,
            Byzantine = job.Byzantine,
            Attack = job.Attack,
            Horizon = job.Steps is { } steps ? Amount.Steps(steps) : Amount.Epochs(job.EffectiveEpochs!.Value),
            DirichletAlpha = job.DirichletAlpha,
            MixedPrecision = job.MixedPrecision,
            AggregationThreads = job.EffectiveAggregationThreads,
            Server = new BasgdServer
            {
                Buffers = job.Buffers,
                Rule = job.Rule,
                Tolerate = job.Tolerate,
                MaxStaleness = job.MaxStaleness,
                ReassignAfterSeconds = job.ReassignAfterSeconds,
                WeighWorkersEqually = job.WeighWorkersEqually,
                ServerMomentum = job.ServerMomentum,
                ShrinkBuffers = job.ShrinkBuffers,
                ReshuffleEverySteps = job.ReshuffleEverySteps,
                QuarantineAfterRounds = job.QuarantineAfterRounds,
                QuarantineThreshold = job.QuarantineThreshold,
                MaxContributionsPerRound = job.MaxContributionsPerRound,
            },
        };
    }

    /// <summary>Refuses a spec that makes no sense.</summary>
    /// <exception cref="ArgumentException">The message names every problem with field, value and rule.</exception>
    public static void Validate(this SimulationSpec spec)
    {
        var problems = spec.Problems();
        if (problems.Count > 0) throw new ArgumentException(string.Join("; ", problems), nameof(spec));
    }

    /// <summary>Everything that is wrong with the spec; empty where it may run.</summary>
    public static IReadOnlyList<string> Problems(this SimulationSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        IReadOnlyList<string> asJob = JobSpecValidator.Validate(spec.ToJob());
        if (asJob.Count > 0) return asJob;
        return
        [
            .. Check.AtLeast("byzantine", spec.Byzantine, 0),
            .. Check.Unless(spec.Byzantine <= spec.Workers, "byzantine", spec.Byzantine, $"must be <= workers = {spec.Workers}"),
            .. Check.Positive("horizon", spec.Horizon.Value),
            .. spec.EvaluateEvery is { } every ? Check.Positive("evaluateEvery", every.Value) : [],
            .. spec.Patience is { } patience ? Check.AtLeast("patience", patience, 1) : [],
            .. Check.AtLeast("aggregationThreads", spec.AggregationThreads, 1),
            .. Servers(spec),
            .. CollusionFaults(spec),
            .. spec.Delays.Problems().Select(static problem => $"delays: {problem}"),
        ];
    }

    /// <summary>Whether the attack is one of <see cref="Attacks.CreateCollusive"/>.</summary>
    internal static bool Colludes(this SimulationSpec spec) =>
        NamedParameters.TryParse(spec.Attack, out var asked) && Attacks.All.Any(attack => attack.Side == AttackSide.Collusion && attack.Name == asked.Name);

    internal static bool IsByzantine(this SimulationSpec spec, int worker) => worker >= spec.Workers - spec.Byzantine;

    /// <summary>What the protocol core is to know. Colluding attackers are none of its business: the simulator plays them.</summary>
    internal static JobSpec ToJob(this SimulationSpec spec)
    {
        var basgd = spec.Server as BasgdServer ?? new BasgdServer
        {
            Buffers = 1,
            Rule = "mean",
            Tolerate = 0,
            MaxStaleness = spec.Server is AsgdServer { MaxStaleness: { } staleness } ? staleness : long.MaxValue,
        };
        var colludes = spec.Colludes();
        return new JobSpec
        {
            Workers = spec.Workers,
            Buffers = basgd.Buffers,
            Rule = basgd.Rule,
            Tolerate = basgd.Tolerate ?? spec.Byzantine,
            MaxStaleness = basgd.MaxStaleness,
            ReassignAfterSeconds = basgd.ReassignAfterSeconds ?? new JobSpec().ReassignAfterSeconds,
            WeighWorkersEqually = basgd.WeighWorkersEqually,
            ServerMomentum = basgd.ServerMomentum,
            ShrinkBuffers = basgd.ShrinkBuffers,
            ReshuffleEverySteps = basgd.ReshuffleEverySteps,
            QuarantineAfterRounds = basgd.QuarantineAfterRounds,
            QuarantineThreshold = basgd.QuarantineThreshold,
            MaxContributionsPerRound = basgd.MaxContributionsPerRound,
            Byzantine = colludes ? 0 : spec.Byzantine,
            Attack = colludes ? "none" : spec.Attack,
            LearningRate = spec.LearningRate.Initial,
            DecayFactor = spec.LearningRate.Factor,
            DecayAtEpochs = spec.LearningRate.DecayAtEpochs ?? [],
            WeightDecay = spec.WeightDecay,
            Batch = spec.BatchSize,
            Seed = spec.Seed,
            DirichletAlpha = spec.DirichletAlpha,
            MixedPrecision = spec.MixedPrecision,
            WorkerMomentum = spec.WorkerMomentum,
            NormaliseWorkerMomentum = spec.NormaliseWorkerMomentum,
            ClipGradient = spec.ClipGradient,
        };
    }

    /// <summary>The rule by which the server aggregates, as attackers who know it see it: m rows, f of them bad.</summary>
    internal static (string Rule, int F) RuleOverWorkers(this SimulationSpec spec) => spec.Server switch
    {
        BasgdServer basgd => (basgd.Rule, basgd.Tolerate ?? spec.Byzantine),
        SynchronousServer synchronous => (synchronous.Rule, synchronous.Tolerate ?? spec.Byzantine),
        LatestGradientsServer latest => (latest.Rule, latest.Tolerate ?? spec.Byzantine),
        _ => ("mean", 0),
    };

    private static IEnumerable<string> Servers(SimulationSpec spec) => spec.Server switch
    {
        KardamServer kardam =>
        [
            .. Check.AtLeast("gamma", kardam.Gamma, 0),
            .. Check.Unless((2L * kardam.Gamma) + 1 <= spec.Workers, "gamma", kardam.Gamma, $"must be <= (workers - 1) / 2 = {(spec.Workers - 1) / 2}"),
        ],
        FedBuffServer fedBuff => Check.AtLeast("k", fedBuff.K, 1),
        SynchronousServer synchronous =>
        [
            .. Check.Unless(synchronous.WaitFor is not { } count || (count >= 1 && count <= spec.Workers), "waitFor", synchronous.WaitFor ?? 0, $"must be >= 1 and <= workers = {spec.Workers}"),
            .. RuleFault(spec, synchronous.WaitFor ?? spec.Workers),
        ],
        LatestGradientsServer latest => [.. Check.AtLeast("every", latest.Every, 1), .. RuleFault(spec, spec.Workers)],
        BasgdServer or AsgdServer => [],
        _ => [string.Create(CultureInfo.InvariantCulture, $"server = {spec.Server.GetType().Name}: must be one of the built-in servers")],
    };

    private static IEnumerable<string> RuleFault(SimulationSpec spec, int rows)
    {
        var (rule, f) = spec.RuleOverWorkers();
        return Fault("rule", rule, () => Rules.Validate(rule, rows, f));
    }

    private static IEnumerable<string> CollusionFaults(SimulationSpec spec)
    {
        if (!spec.Colludes()) return [];
        return
        [
            .. Fault("attack", spec.Attack, () => Colluders.Create(spec)),
            .. Check.Unless(spec.Byzantine > 0, "attack", spec.Attack, "must be none with byzantine = 0; say how many workers mount it"),
        ];
    }

    private static IEnumerable<string> Fault(string field, string value, Action check)
    {
        try
        {
            check();
            return [];
        }
        catch (ArgumentException fault)
        {
            return [$"{field} = {value}: {fault.Message.TrimEnd('.')}"];
        }
    }
}
