using System.CommandLine;
using Basgd.Simulator;

namespace Basgd.Experiments.Commands;

/// <summary>A simulation from flags. What makes no sense together is the simulator's to refuse.</summary>
internal sealed class SimulateOptions
{
    private const string Servers = "basgd|asgd|kardam|synchronous|fedbuff|latest-gradients";

    private readonly Option<string> model = Text("--model", "NAME", "Model; see `basgd models`.", "lenet5");
    private readonly Option<string> dataset = Text("--dataset", "NAME", "Data set; see `basgd datasets`.", "fashion-mnist");
    private readonly Option<string> server = Text("--server", Servers, "Which server the workers train with.", "basgd");
    private readonly Option<int> workers = Value("--workers", "M", "Number of workers m.", 8);
    private readonly Option<int> buffers = Value("--buffers", "B", "basgd: number of buffers B.", 5);
    private readonly Option<string> rule = Text("--rule", "RULE", "basgd, synchronous, latest-gradients: aggregation rule; see `basgd rules`.", "median");
    private readonly Option<int?> tolerate = Optional<int>("--tolerate", "R", "Bad workers r that the rule withstands.", "as many as --byzantine");
    private readonly Option<double?> reassignAfter = Optional<double>("--reassign-after", "SECONDS", "basgd: virtual seconds without a step after which workers are spread again.", "never");
    private readonly Option<bool> weighWorkersEqually = Value("--weigh-workers-equally", "true|false", "basgd: whether a buffer averages over its workers.", false);
    private readonly Option<int> maxContributions = Value("--max-contributions-per-round", "N", "basgd: contributions that a buffer takes from one worker in a round.", new BasgdServer().MaxContributionsPerRound);
    private readonly Option<int> gamma = Value("--gamma", "N", "kardam: assumed number of Byzantine workers.", 0);
    private readonly Option<int> k = Value("--k", "K", "fedbuff: gradients in a step.", 10);
    private readonly Option<int> every = Value("--every", "N", "latest-gradients: arrivals between steps.", 1);
    private readonly Option<int?> waitFor = Optional<int>("--wait-for", "N", "synchronous: gradients that a round waits for.", "all");
    private readonly Option<int> byzantine = Value("--byzantine", "N", "Workers that mount the attack, the last ones.", 0);
    private readonly Option<string> attack = Text("--attack", "ATTACK", "What they send; see `basgd attacks`.", "none");
    private readonly Option<string> delays = Text("--delays", "MODEL", $"How long turns take: {DelaysText.Known}.", "normal");
    private readonly Option<double?> dirichletAlpha = Optional<double>("--dirichlet-alpha", "ALPHA", "Label skew of the workers' shares; small is skewed.", "none");
    private readonly Option<int> batch = Value("--batch", "N", "Examples in one gradient.", 25);
    private readonly Option<double> lr = Value("--lr", "RATE", "Learning rate.", 0.1);
    private readonly Option<double> decayFactor = Value("--decay-factor", "FACTOR", "What the learning rate is multiplied by at each of --decay-at-epochs.", 0.1);
    private readonly Option<double[]> decayAtEpochs = Named(Flag.Several<double>("--decay-at-epochs", "Epochs at which the learning rate decays. Default: none."), "N ...");
    private readonly Option<double> weightDecay = Value("--weight-decay", "LAMBDA", "Weight decay.", 0.0);
    private readonly Option<double> workerMomentum = Value("--worker-momentum", "MU", "Momentum of the workers; with basgd BASGDm.", 0.0);
    private readonly Option<double?> clipGradient = Optional<double>("--clip-gradient", "NORM", "Norm to which workers scale longer gradients down.", "none");
    private readonly Option<ulong> seed = Value("--seed", "N", "Seed of everything random.", 1ul);
    private readonly Option<string> until = Text("--until", "AMOUNT", "Where to end: a number and epochs, gradients, steps or seconds.", "3 epochs");
    private readonly Option<string> evaluateEvery = Text("--evaluate-every", "AMOUNT", "How often to evaluate.", "0.5 epochs");

    public void AddTo(Command verb)
    {
        foreach (var option in (Option[])[model, dataset, server, workers, buffers, rule, tolerate, reassignAfter, weighWorkersEqually, maxContributions, gamma, k, every, waitFor, byzantine, attack, delays, dirichletAlpha, batch, lr, decayFactor, decayAtEpochs, weightDecay, workerMomentum, clipGradient, seed, until, evaluateEvery])
            verb.Add(option);
    }

    /// <exception cref="ArgumentException">A value has the wrong form.</exception>
    public Setup Read(ParseResult parse) => new(parse.GetValue(model)!, parse.GetValue(dataset)!, new SimulationSpec
    {
        Workers = parse.GetValue(workers),
        Seed = parse.GetValue(seed),
        BatchSize = parse.GetValue(batch),
        Server = Server(parse),
        LearningRate = new LearningRateSchedule(parse.GetValue(lr), parse.GetValue(decayFactor), parse.GetValue(decayAtEpochs) ?? []),
        WeightDecay = parse.GetValue(weightDecay),
        WorkerMomentum = parse.GetValue(workerMomentum),
        ClipGradient = parse.GetValue(clipGradient),
        Byzantine = parse.GetValue(byzantine),
        Attack = parse.GetValue(attack)!,
        Delays = DelaysText.Parse(parse.GetValue(delays)!),
        Horizon = AmountText.Parse("until", parse.GetValue(until)!),
        EvaluateEvery = AmountText.Parse("evaluate-every", parse.GetValue(evaluateEvery)!),
        DirichletAlpha = parse.GetValue(dirichletAlpha),
    });

    private ServerSpec Server(ParseResult parse) => parse.GetValue(server) switch
    {
        "basgd" => new BasgdServer { Buffers = parse.GetValue(buffers), Rule = parse.GetValue(rule)!, Tolerate = parse.GetValue(tolerate), ReassignAfterSeconds = parse.GetValue(reassignAfter), WeighWorkersEqually = parse.GetValue(weighWorkersEqually), MaxContributionsPerRound = parse.GetValue(maxContributions) },
        "asgd" => new AsgdServer(),
        "kardam" => new KardamServer { Gamma = parse.GetValue(gamma) },
        "synchronous" => new SynchronousServer { Rule = parse.GetValue(rule)!, Tolerate = parse.GetValue(tolerate), WaitFor = parse.GetValue(waitFor) },
        "fedbuff" => new FedBuffServer { K = parse.GetValue(k) },
        "latest-gradients" => new LatestGradientsServer { Rule = parse.GetValue(rule)!, Tolerate = parse.GetValue(tolerate), Every = parse.GetValue(every) },
        var other => throw new ArgumentException($"server = {other}: must be one of {Servers}"),
    };

    private static Option<string> Text(string name, string form, string description, string otherwise) =>
        new(name) { Description = description, HelpName = form, DefaultValueFactory = _ => otherwise };

    private static Option<T> Value<T>(string name, string form, string description, T otherwise)
        where T : struct, IParsable<T>, IComparable<T> => Named(Flag.Of(name, description, otherwise), form);

    private static Option<T?> Optional<T>(string name, string form, string description, string otherwise)
        where T : struct, IParsable<T>, IComparable<T> => Named(Flag.Optional<T>(name, $"{description} Default: {otherwise}."), form);

    private static Option<T> Named<T>(Option<T> option, string form)
    {
        option.HelpName = form;
        return option;
    }
}
