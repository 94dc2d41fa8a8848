using Basgd.Contracts;

namespace Basgd.Client.Tests.Specs;

public sealed class JobSpecValidatorTests
{
    public static TheoryData<string, string> Wrong => new()
    {
        { "name: a/b", "name = a/b: must be 1 to 64 letters" },
        { "name: ..", "name = ..: must be 1 to 64 letters" },
        { "name: ''", "name = : must be 1 to 64 letters" },
        { $"name: {new string('a', 65)}", "must be 1 to 64 letters" },
        { "model: ''", "model = : must name a model" },
        { "workers: 0\nbuffers: 1", "workers = 0: must be >= 1" },
        { "workers: 4", "buffers = 5: must be <= workers = 4" },
        { "buffers: 0", "buffers = 0: must be >= 1" },
        { "tolerate: -1", "tolerate = -1: must be >= 0" },
        { "tolerate: 3", "buffers = 5: must be >= 2 * tolerate + 1 = 7 (tolerate = 3)" },
        { "tolerate: 2147483647", "must be >= 2 * tolerate + 1 = 4294967295" },
        { "byzantine: 3\nattack: negative-gradient", "buffers = 5: must be >= 2 * tolerate + 1 = 7 (tolerate = 3, as many as byzantine)" },
        { "byzantine: 9\ntolerate: 0\nattack: negative-gradient", "byzantine = 9: must be <= workers = 8" },
        { "byzantine: 1", "byzantine = 1: must be 0 with attack none" },
        { "attack: negative-gradient", "attack = negative-gradient: must be none with byzantine = 0" },
        { "attack: shouting", "attack = shouting: attack 'shouting' is unknown" },
        { "attack: negative-gradient(q=1)\nbyzantine: 1", "attack = negative-gradient(q=1): negative-gradient: q = 1: known parameters: k" },
        { "rule: majority", "rule = majority: rule 'majority' is unknown. Known: mean, median" },
        { "rule: median(", "rule = median(: " },
        { "rule: trimmed-mean(f=-1)", "rule = trimmed-mean(f=-1): trimmed-mean: f = -1: must be a whole number" },
        { "rule: trimmed-mean(f=3)", "rule = trimmed-mean(f=3): trimmed-mean: n = 5 rows with f = 3" },
        { "learningRate: 0", "learningRate = 0: must be > 0" },
        { "learningRate: -0.1", "learningRate = -0.1: must be > 0" },
        { "decayFactor: 0", "decayFactor = 0: must be > 0" },
        { "decayAtEpochs: [0]", "decayAtEpochs = 0: must be > 0" },
        { "decayAtEpochs: [2, 2]", "decayAtEpochs = [2, 2]: must be ascending" },
        { "weightDecay: -1", "weightDecay = -1: must be >= 0" },
        { "batch: 0", "batch = 0: must be >= 1 and <= 1000000" },
        { "batch: 2147483647", "batch = 2147483647: must be >= 1 and <= 1000000" },
        { "epochs: 0", "epochs = 0: must be > 0" },
        { "steps: 0", "steps = 0: must be >= 1" },
        { "steps: 5\nepochs: 1", "steps = 5: must be left out where epochs is given" },
        { "dirichletAlpha: 0", "dirichletAlpha = 0: must be > 0" },
        { "checkpointSteps: 5", "checkpointSteps = 5: must be left out with durability = step" },
        { "checkpointSeconds: 5\ndurability: acknowledged", "checkpointSeconds = 5: must be left out with durability = acknowledged" },
        { "checkpointSteps: 0\ndurability: interval", "checkpointSteps = 0: must be >= 1" },
        { "checkpointSeconds: 0\ndurability: interval", "checkpointSeconds = 0: must be > 0" },
        { "maxStaleness: -1", "maxStaleness = -1: must be >= 0" },
        { "reassignAfterSeconds: 0", "reassignAfterSeconds = 0: must be > 0" },
        { "evaluateEverySeconds: -1", "evaluateEverySeconds = -1: must be >= 0" },
        { "evaluateEverySeconds: 1e9", "evaluateEverySeconds = 1000000000: must be >= 0 and <= 86400" },
        { "workerMomentum: -0.1", "workerMomentum = -0.1: must be >= 0 and < 1" },
        { "workerMomentum: 1", "workerMomentum = 1: must be >= 0 and < 1" },
        { "normaliseWorkerMomentum: true", "normaliseWorkerMomentum = true: must be false with workerMomentum = 0" },
        { "clipGradient: 0", "clipGradient = 0: must be > 0" },
        { "reshuffleEverySteps: 0", "reshuffleEverySteps = 0: must be >= 1" },
        { "maxContributionsPerRound: 0", "maxContributionsPerRound = 0: must be >= 1" },
        { "quarantineAfterRounds: 0\ntolerate: 1", "quarantineAfterRounds = 0: must be >= 1" },
        { "quarantineAfterRounds: 5", "quarantineAfterRounds = 5: must be left out with tolerate = 0" },
        { "quarantineAfterRounds: 5\ntolerate: 1\nbuffers: 8", "buffers = 8: must be <= workers - tolerate = 7 with quarantineAfterRounds, or shrinkBuffers true" },
        { "quarantineAfterRounds: 5\ntolerate: 1\nworkers: 3\nbuffers: 3\nshrinkBuffers: true", "workers = 3: must be >= 3 * tolerate + 1 = 4 with quarantineAfterRounds" },
        { "quarantineAfterRounds: 5\ntolerate: 1\nworkers: 5\nbuffers: 5\nrule: krum\nshrinkBuffers: true", "workers = 5: leaves 4 with quarantineAfterRounds, too few: " },
        { "quarantineThreshold: 0.5", "quarantineThreshold = 0.5: must be > 0.5 and < 1" },
        { "quarantineThreshold: 1", "quarantineThreshold = 1: must be > 0.5 and < 1" },
        { "serverMomentum: 1", "serverMomentum = 1: must be >= 0 and < 1" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void What_makes_no_sense_is_named_with_field_value_and_rule(string yaml, string problem) =>
        JobSpecValidator.Validate(JobSpecFile.Parse(yaml)).ShouldHaveSingleItem().ShouldContain(problem, Case.Sensitive);

    [Theory]
    [InlineData("")]
    [InlineData("byzantine: 2\nattack: negative-gradient(k=10)")]
    [InlineData("workers: 1\nbuffers: 1\nrule: mean")]
    [InlineData("byzantine: 3\ntolerate: 2\nattack: random-disturbance")]
    [InlineData("byzantine: 8\ntolerate: 0\nattack: negative-gradient\nrule: mean")]
    [InlineData("rule: trimmed-mean\ntolerate: 2")]
    [InlineData("durability: interval\ncheckpointSteps: 10\ncheckpointSeconds: 1")]
    [InlineData("steps: 10\ndecayAtEpochs: [1, 2, 3]\nname: A.b_c-9")]
    [InlineData("tolerate: 1\nbuffers: 7\nquarantineAfterRounds: 5\nquarantineThreshold: 0.99")]
    [InlineData("tolerate: 1\nbuffers: 8\nquarantineAfterRounds: 5\nshrinkBuffers: true")]
    [InlineData("workerMomentum: 0.9\nnormaliseWorkerMomentum: true\nclipGradient: 1\nserverMomentum: 0.5\nweighWorkersEqually: true")]
    public void What_makes_sense_may_run(string yaml) => JobSpecValidator.Validate(JobSpecFile.Parse(yaml)).ShouldBeEmpty();

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Numbers_must_be_finite(double value)
    {
        JobSpecValidator.Validate(new JobSpec { LearningRate = value }).ShouldHaveSingleItem().ShouldContain("learningRate = ");
        JobSpecValidator.Validate(new JobSpec { Epochs = value }).ShouldHaveSingleItem().ShouldContain("epochs = ");
        JobSpecValidator.Validate(new JobSpec { DecayAtEpochs = [value] }).ShouldHaveSingleItem().ShouldContain("decayAtEpochs = ");
    }

    [Fact]
    public void A_made_up_durability_is_refused() =>
        JobSpecValidator.Validate(new JobSpec { Durability = (Durability)7 }).ShouldHaveSingleItem().ShouldStartWith("durability = 7");

    [Fact]
    public void All_problems_are_told_at_once() =>
        JobSpecValidator.Validate(new JobSpec { Batch = 0, LearningRate = 0, Rule = "x", Name = "a b" }).Count.ShouldBe(4);
}
