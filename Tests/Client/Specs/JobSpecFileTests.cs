using Basgd.Contracts;

namespace Basgd.Client.Tests.Specs;

public sealed class JobSpecFileTests
{
    [Theory]
    [InlineData("")]
    [InlineData("# only a comment\n")]
    [InlineData("---\n")]
    [InlineData("{}")]
    public void Nothing_given_is_every_default(string yaml) => JobSpecFile.Parse(yaml).ShouldBe(new JobSpec());

    [Fact]
    public void Every_field_is_read()
    {
        var spec = JobSpecFile.Parse("""
            name: paper-1
            model: resnet20
            dataset: cifar10
            workers: 30
            buffers: 15
            tolerate: 6
            byzantine: 3
            attack: negative-gradient(k=10)
            rule: trimmed-mean
            learningRate: 0.05
            decayFactor: 0.5
            decayAtEpochs: [80, 120.5]
            weightDecay: 1e-4
            batch: 50
            epochs: 160
            seed: 18446744073709551615
            dirichletAlpha: 0.3
            durability: interval
            checkpointSteps: 100
            checkpointSeconds: 2.5
            maxStaleness: 40
            reassignAfterSeconds: 12
            evaluateEverySeconds: 0
            workerMomentum: 0.9
            normaliseWorkerMomentum: true
            clipGradient: 0.25
            weighWorkersEqually: true
            serverMomentum: 0.5
            aggregationThreads: 2
            mixedPrecision: true
            maxContributionsPerRound: 20
            """);

        spec.DecayAtEpochs.ShouldBe([80, 120.5]);
        (spec with { DecayAtEpochs = [] }).ShouldBe(new JobSpec
        {
            Name = "paper-1",
            Model = "resnet20",
            Dataset = "cifar10",
            Workers = 30,
            Buffers = 15,
            Tolerate = 6,
            Byzantine = 3,
            Attack = "negative-gradient(k=10)",
            Rule = "trimmed-mean",
            LearningRate = 0.05,
            DecayFactor = 0.5,
            DecayAtEpochs = [],
            WeightDecay = 1e-4,
            Batch = 50,
            Epochs = 160,
            Seed = ulong.MaxValue,
            DirichletAlpha = 0.3,
            Durability = Durability.Interval,
            CheckpointSteps = 100,
            CheckpointSeconds = 2.5,
            MaxStaleness = 40,
            ReassignAfterSeconds = 12,
            EvaluateEverySeconds = 0,
            WorkerMomentum = 0.9,
            NormaliseWorkerMomentum = true,
            ClipGradient = 0.25,
            WeighWorkersEqually = true,
            ServerMomentum = 0.5,
            AggregationThreads = 2,
            MixedPrecision = true,
            MaxContributionsPerRound = 20,
        });
    }

    [Theory]
    [InlineData("rule: nnm|trimmed-mean(f=1)", "nnm|trimmed-mean(f=1)")]
    [InlineData("rule: {name: trimmed-mean, parameters: {f: 1}}", "trimmed-mean(f=1)")]
    [InlineData("rule: {name: median}", "median")]
    [InlineData("rule: {name: median, parameters: }", "median")]
    [InlineData("rule:\n  - nnm\n  - name: krum\n    parameters:\n      f: 2\n      neighbours: -1\n", "nnm|krum(f=2, neighbours=-1)")]
    public void A_rule_is_normalised_to_text(string yaml, string rule) => JobSpecFile.Parse(yaml).Rule.ShouldBe(rule);

    [Fact]
    public void An_attack_may_be_structured() =>
        JobSpecFile.Parse("attack: {name: negative-gradient, parameters: {k: 2.5}}").Attack.ShouldBe("negative-gradient(k=2.5)");

    [Theory]
    [InlineData("durability: step", Durability.Step)]
    [InlineData("durability: acknowledged", Durability.Acknowledged)]
    [InlineData("durability: interval", Durability.Interval)]
    public void Durability_goes_by_name(string yaml, Durability durability) => JobSpecFile.Parse(yaml).Durability.ShouldBe(durability);

    [Fact]
    public void An_optional_field_may_be_empty() =>
        JobSpecFile.Parse("name:\nepochs: null\nsteps: ~\ntolerate: Null\n").ShouldBe(new JobSpec());

    [Theory]
    [InlineData("seed: 1\nworker: 8", "line 2: worker = 8: unknown field; known: name, model,")]
    [InlineData("Workers: 8", "line 1: Workers = 8: unknown field")]
    [InlineData("workers: 8\nseed: 3\nworkers: 9", "line 3: workers = 9: given already in line 1")]
    [InlineData("workers: eight", "line 1: workers = eight: must be a whole number")]
    [InlineData("workers: '8'", "line 1: workers = \"8\": must be a whole number")]
    [InlineData("workers: 8.5", "line 1: workers = 8.5: must be a whole number")]
    [InlineData("workers: 3000000000", "line 1: workers = 3000000000: must be a whole number")]
    [InlineData("workers: [8]", "line 1: workers = [8]: must be a whole number")]
    [InlineData("workers:", "line 1: workers = : must not be empty")]
    [InlineData("seed: -1", "line 1: seed = -1: must be a whole number >= 0")]
    [InlineData("learningRate: .nan", "line 1: learningRate = .nan: must be a finite number")]
    [InlineData("learningRate: NaN", "line 1: learningRate = NaN: must be a finite number")]
    [InlineData("learningRate: 1e999", "line 1: learningRate = 1e999: must be a finite number")]
    [InlineData("learningRate: yes", "line 1: learningRate = yes: must be a finite number")]
    [InlineData("weighWorkersEqually: yes", "line 1: weighWorkersEqually = yes: must be true or false")]
    [InlineData("weighWorkersEqually: 'true'", "line 1: weighWorkersEqually = \"true\": must be true or false")]
    [InlineData("decayAtEpochs: 80", "line 1: decayAtEpochs = 80: must be a list of numbers")]
    [InlineData("decayAtEpochs: [80, late]", "line 1: decayAtEpochs = [80, late]: must be a finite number")]
    [InlineData("durability: always", "line 1: durability = always: must be step, acknowledged or interval")]
    [InlineData("model: {name: lenet5}", "line 1: model = {name: lenet5}: must be a text")]
    [InlineData("rule: []", "line 1: rule = []: must have at least one stage")]
    [InlineData("rule: {parameters: {f: 1}}", "line 1: rule = {parameters: {f: 1}}: name is missing")]
    [InlineData("rule:\n  name: krum\n  paramters: {f: 1}", "line 3: paramters = {f: 1}: unknown field; known: name, parameters")]
    [InlineData("rule:\n  name: krum\n  parameters:\n    f: one", "line 4: f = one: must be a finite number")]
    [InlineData("rule:\n  name: krum\n  parameters:\n    f: 1\n    f: 2", "line 5: f = 2: given twice")]
    [InlineData("attack: [none, none]", "line 1: attack = [none, none]: must be a text such as")]
    [InlineData("just text", "line 1: just text: a job spec is a mapping")]
    [InlineData("- workers: 8", "line 1: [{workers: 8}]: a job spec is a mapping")]
    [InlineData("workers: &m 8\nbuffers: *m", "line 2: an alias: anchors and aliases are not allowed")]
    [InlineData("workers: 8\n---\nworkers: 9", "line 2: a second document")]
    [InlineData("workers: [8", "malformed YAML")]
    [InlineData("workers: 8\n\tbuffers: 5", "malformed YAML")]
    public void What_cannot_be_meant_is_refused_with_line_field_value_and_rule(string yaml, string problem) =>
        Should.Throw<JobSpecException>(() => JobSpecFile.Parse(yaml)).Problems.ShouldHaveSingleItem().ShouldContain(problem, Case.Sensitive);

    [Fact]
    public void All_problems_are_told_at_once() =>
        Should.Throw<JobSpecException>(() => JobSpecFile.Parse("workers: x\nnope: 1\nbuffers: y\n")).Problems.Count.ShouldBe(3);

    [Theory]
    [InlineData("[", "]")]
    [InlineData("{a: ", "}")]
    [InlineData("[", "")]
    public void A_file_of_many_brackets_is_refused(string open, string close)
    {
        var yaml = string.Concat(Enumerable.Repeat(open, 50_000)) + string.Concat(Enumerable.Repeat(close, 50_000));
        Should.Throw<JobSpecException>(() => JobSpecFile.Parse(yaml)).Problems.ShouldHaveSingleItem().ShouldBe("line 1: a list or mapping: must be at most 32 deep in others");
    }
}
