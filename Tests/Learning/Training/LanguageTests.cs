using Basgd.Learning.Data.Texts;
using Basgd.Learning.Models;
using Basgd.Learning.Training;
using static TorchSharp.torch;

namespace Basgd.Learning.Tests.Training;

public class LanguageTests
{
    private const int Length = 8;
    private static readonly LearnerSettings _settings = new(Seed: 3, Workers: 3, BatchSize: 4);

    [Fact]
    public async Task LstmHasTheDimensionsOfThePaper()
    {
        var description = await Workload(ModelCatalog.Lstm).DescribeAsync(TestContext.Current.CancellationToken);
        description.Dimension.ShouldBe(201 * Made.Vocabulary + 161_600);
        description.TrainingExamples.ShouldBe((Made.TrainingWords - 1) / Length);
        description.Layout.Select(entry => entry.Name).ShouldContain("rnn.weight_hh_l1");
        using var learner = await CreateAsync();
        var w = Learners.Initial(learner);
        w.ShouldAllBe(value => Math.Abs(value) <= 0.1f, "each tensor, biases as well, is uniform on ±1/√100");
        w.Average(value => value * value).ShouldBe(0.01f / 3, 0.0001f);
    }

    [Fact]
    public async Task AUniformModelHasThePerplexityOfTheVocabulary()
    {
        using var learner = await CreateAsync();
        var judged = learner.Evaluate(new float[learner.Dimension]);
        judged.Perplexity.ShouldNotBeNull().ShouldBe(Made.Vocabulary, 1e-3);
        judged.Loss.ShouldBe(Math.Log(Made.Vocabulary), 1e-5);
        judged.Examples.ShouldBe((Made.HeldOutWords - 1) / Length * Length);
    }

    [Fact]
    public async Task GradientIsTheSlopeOfTheLoss()
    {
        using var learner = await CreateAsync();
        // Five times the initial values: nearer to zero the recurrent layers have next to no slope.
        var w = Learners.Initial(learner).Select(value => 5 * value).ToArray();
        Learners.GradientShouldBeTheSlope(learner, w);
    }

    [Fact]
    public async Task AnswersDoNotDependOnEarlierCalls()
    {
        using var fresh = await CreateAsync();
        using var used = await CreateAsync();
        var w = Learners.Initial(used);
        foreach (var (worker, sequence) in new[] { (2, 1_000_000L), (1, 7L), (0, 0L) }) Learners.Gradient(used, w, worker, sequence);
        used.Evaluate(w);
        Learners.Gradient(fresh, w, 1, 7).ShouldBe(Learners.Gradient(used, w, 1, 7));
        Learners.Gradient(fresh, w, 1, 8).ShouldNotBe(Learners.Gradient(used, w, 1, 7));
        fresh.Evaluate(w).ShouldBe(used.Evaluate(w));
    }

    [Fact]
    public async Task AWorkersShareIsOnePieceOfTheText()
    {
        List<long[]> seen = [];
        var spy = new LanguageModel("spy", "notes what it is shown", words => new Spy(words, seen));
        using var learner = await Workload(spy).CreateLearnerAsync(_settings, TestContext.Current.CancellationToken);
        var text = (await new Made().LoadAsync(TestContext.Current.CancellationToken)).Training.Select(word => (long)word).ToArray();
        var windows = (text.Length - 1) / Length;
        for (var worker = 0; worker < _settings.Workers; worker++)
        {
            seen.Clear();
            for (var sequence = 0; seen.Count < windows / _settings.Workers; sequence++) Learners.Gradient(learner, Learners.Initial(learner), worker, sequence);
            var piece = text.AsSpan(windows * worker / _settings.Workers * Length, windows / _settings.Workers * Length);
            seen.Take(windows / _settings.Workers).Select(window => string.Join(' ', window)).Order()
                .ShouldBe(piece.ToArray().Chunk(Length).Select(window => string.Join(' ', window)).Order());
        }
    }

    [Fact]
    public async Task LearnsWhichWordFollowsWhich()
    {
        using var learner = await CreateAsync();
        var after = learner.Evaluate(Learners.Train(learner, workers: 3, steps: 300, rate: 3));
        after.Perplexity.ShouldNotBeNull().ShouldBeLessThan(2);
        after.Accuracy.ShouldBeGreaterThan(0.9);
    }

    [Fact]
    public async Task FlippersLearnOtherNextWords()
    {
        using var honest = await CreateAsync();
        using var attacked = await Workload(ModelCatalog.Lstm).CreateLearnerAsync(_settings with { LabelFlippers = 1 }, TestContext.Current.CancellationToken);
        var w = Learners.Initial(honest);
        Learners.Gradient(attacked, w, worker: 1, sequence: 0).ShouldBe(Learners.Gradient(honest, w, worker: 1, sequence: 0));
        Learners.Gradient(attacked, w, worker: 2, sequence: 0).ShouldNotBe(Learners.Gradient(honest, w, worker: 2, sequence: 0));
    }

    [Fact]
    public async Task WrongSettingsAreRefused()
    {
        async Task<string> Refusal(LearnerSettings settings) =>
            (await Should.ThrowAsync<ArgumentException>(async () => await Workload(ModelCatalog.Lstm).CreateLearnerAsync(settings, TestContext.Current.CancellationToken))).Message;
        (await Refusal(_settings with { DirichletAlpha = 0.5 })).ShouldContain("dirichletAlpha = 0.5: must be left out, for made is a text");
        (await Refusal(_settings with { Workers = 1000 })).ShouldContain("workers = 1000");
    }

    internal static LanguageWorkload Workload(LanguageModel model) => new(model, new Made(), Length);

    private static ValueTask<ILearner> CreateAsync() => Workload(ModelCatalog.Lstm).CreateLearnerAsync(_settings, TestContext.Current.CancellationToken);

    /// <summary>Counts from 0 to 19 and again, but for one word in fifty.</summary>
    private sealed class Made() : Corpus("made", "counting words")
    {
        public const int Vocabulary = 21;
        public const int TrainingWords = 2017;
        public const int HeldOutWords = 300;

        protected override Task<Text> ReadAsync() => Task.FromResult(Text.Of(Count(TrainingWords, 1), Count(HeldOutWords, 2)));

        private static string[] Count(int words, int seed)
        {
            var random = new Random(seed);
            var (text, number) = (new string[words], 0);
            for (var i = 0; i < words; i++)
            {
                number = random.Next(50) == 0 ? random.Next(20) : (number + 1) % 20;
                text[i] = $"w{number}";
            }
            return text;
        }
    }

    private sealed class Spy : nn.Module<Tensor, Tensor>
    {
        private readonly TorchSharp.Modules.Embedding logits;
        private readonly List<long[]> _seen;

        public Spy(int words, List<long[]> seen) : base(nameof(Spy))
        {
            logits = nn.Embedding(words, words);
            _seen = seen;
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            for (var i = 0; i < input.shape[0]; i++) _seen.Add(input[i].data<long>().ToArray());
            return logits.forward(input);
        }
    }
}
