using Basgd.Simulator;

namespace Basgd.Experiments;

/// <summary>How large experiments are.</summary>
/// <param name="Seeds">Runs of each trial where the command says nothing else.</param>
/// <param name="GridSeeds">The same in experiments of many trials.</param>
/// <param name="LanguageSeeds">The same for the language model, whose runs cost most.</param>
/// <param name="Images">The image problem.</param>
/// <param name="Language">The language problem.</param>
/// <param name="Gammas">The numbers of Byzantine workers that Kardam is told to expect.</param>
/// <param name="Levels">Accuracies to which time is measured, 0 … 1, ascending.</param>
/// <param name="LevelSteps">SGD steps in which every server should reach them.</param>
/// <param name="SuspicionRounds">SGD steps in which attackers are to be found.</param>
/// <param name="SuspicionSeeds">Runs of each trial where they are.</param>
internal sealed record Scale(string Name, int Seeds, int GridSeeds, int LanguageSeeds, Setup Images, Setup Language, IReadOnlyList<int> Gammas, IReadOnlyList<double> Levels, long LevelSteps, long SuspicionRounds, int SuspicionSeeds)
{
    /// <summary>All of it in minutes, on real images and a convex model: for every test run.</summary>
    public static Scale Ci { get; } = new(
        "ci",
        Seeds: 3,
        GridSeeds: 3,
        LanguageSeeds: 1,
        new Setup("softmax", "fashion-mnist", Training(workers: 30, gradients: 3_000, evaluations: 5) with { LearningRate = 0.005, WeightDecay = 1e-4, Delays = new TruncatedNormalDelays() }),
        new Setup("lstm", "king-james", Training(workers: 8, gradients: 120, evaluations: 1) with { BatchSize = 20, LearningRate = 10, ClipGradient = 0.25, Delays = new ExponentialDelays() }, AsgdRate: 2),
        Gammas: [2, 14],
        Levels: [0.65, 0.70],
        LevelSteps: 200,
        SuspicionRounds: 80,
        SuspicionSeeds: 2);

    /// <summary>All of it within an hour on two cores, on a network of convolutions.</summary>
    public static Scale Middle { get; } = new(
        "middle",
        Seeds: 2,
        GridSeeds: 1,
        LanguageSeeds: 1,
        new Setup("lenet5", "fashion-mnist", Training(workers: 30, gradients: 4_500, evaluations: 5) with { LearningRate = 0.1, WeightDecay = 1e-4, Delays = new TruncatedNormalDelays() }, AsgdRate: 0.02),
        new Setup("lstm", "king-james", Training(workers: 8, gradients: 600, evaluations: 2) with { BatchSize = 20, LearningRate = 10, ClipGradient = 0.25, Delays = new ExponentialDelays() }, AsgdRate: 2),
        Gammas: [2, 14],
        Levels: [0.80, 0.85],
        LevelSteps: 800,
        SuspicionRounds: 150,
        SuspicionSeeds: 2);

    /// <summary>The paper's sizes: days on a CPU.</summary>
    public static Scale Paper { get; } = new(
        "paper",
        Seeds: 3,
        GridSeeds: 3,
        LanguageSeeds: 3,
        new Setup("resnet20", "cifar-10", Training(workers: 30, gradients: 320_000, evaluations: 40) with // 160 epochs
        {
            LearningRate = new LearningRateSchedule(0.1, 0.1, [80, 120]),
            WeightDecay = 1e-4,
            Delays = new TruncatedNormalDelays(),
        }),
        new Setup("lstm", "wikitext-2", Training(workers: 8, gradients: 119_000, evaluations: 40) with // 40 epochs
        {
            BatchSize = 20,
            LearningRate = new LearningRateSchedule(20, 0.25, [10, 20, 30]),
            ClipGradient = 0.25,
            Delays = new ExponentialDelays(),
        }),
        Gammas: [2, 3, 8, 14],
        Levels: [0.80, 0.85],
        LevelSteps: 60_000,
        SuspicionRounds: 1_000,
        SuspicionSeeds: 3);

    public static IReadOnlyList<Scale> All { get; } = [Ci, Middle, Paper];

    private static SimulationSpec Training(int workers, long gradients, int evaluations) => new()
    {
        Workers = workers,
        Horizon = Amount.Gradients(gradients),
        EvaluateEvery = Amount.Gradients((double)gradients / evaluations),
    };
}
