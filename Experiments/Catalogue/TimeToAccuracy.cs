using Basgd.Experiments.Reporting;
using Basgd.Simulator;

namespace Basgd.Experiments.Catalogue;

/// <summary>What the absence of a barrier is worth.</summary>
internal sealed class TimeToAccuracy : Experiment
{
    private const int Evaluations = 20;
    private static readonly Adversary Attackers = Adversary.NegativeGradient(3);
    private static readonly Method Basgd = Method.Basgd(10, "median");
    private static readonly Method Synchronous = new("synchronous, median", new SynchronousServer());
    private static readonly Method Backup = new("synchronous, median, first 24", new SynchronousServer { WaitFor = 24 });

    private static readonly (string Name, IDelayModel Model)[] Delays =
    [
        ("constant", new ConstantDelays()),
        ("normal, of a worker", new TruncatedNormalDelays()),
        ("exponential", new ExponentialDelays()),
        ("heavy-tailed", new ParetoDelays()),
    ];

    public override string Name => "time-to-accuracy";

    public override string Title => "Time to accuracy: buffers against a barrier";

    public override string About =>
        "Three of 30 workers send −10 g. BASGD steps when its buffers are full; synchronous robust SGD waits for all workers, or for the first 24, and aggregates a row a worker. " +
        "Computing takes one virtual second and the rest depends on the delay model: none, a factor that each worker keeps (the paper's), one drawn for each gradient, or a heavy tail (Pareto, shape 1.5). " +
        "Expected: without delays a barrier costs nothing; with them BASGD is faster by the clock.";

    public override Picture Picture => Picture.BySeconds;

    public override int Seeds(Scale scale) => scale.GridSeeds;

    public override IReadOnlyList<Trial> Trials(Scale scale)
    {
        var attacked = Attackers.On(scale.Images);
        return [.. from delays in Delays
                   from method in (Method[])[Basgd, Synchronous, Backup]
                   select method.In(delays.Name, attacked with
                   {
                       Spec = attacked.Spec with { Delays = delays.Model, Horizon = Amount.Steps(scale.LevelSteps), EvaluateEvery = Amount.Steps((double)scale.LevelSteps / Evaluations) },
                   })];
    }

    public override IReadOnlyList<Table> Tables(Scale scale, Findings findings) =>
    [
        .. scale.Levels.Select(level => new Table(
            FormattableString.Invariant($"seconds-to-{100 * level:0}"),
            FormattableString.Invariant($"Virtual seconds to {100 * level:0} % test accuracy, mean ± standard deviation over seeds; ∞ where a run did not reach it."),
            ["method", .. findings.Settings],
            [.. findings.Methods.Select(method => (IReadOnlyList<string>)[method, .. findings.Settings.Select(setting => Show(Seconds(findings, setting, method, level)))])])),
        Table.OfFinal(findings),
    ];

    public override IEnumerable<Ordering> Orderings(Scale scale, Findings findings)
    {
        foreach (var level in scale.Levels)
        {
            foreach (var (delays, _) in Delays.Skip(1))
            {
                var (basgd, synchronous) = (Spread.Of(Seconds(findings, delays, Basgd.Name, level)).Mean, Spread.Of(Seconds(findings, delays, Synchronous.Name, level)).Mean);
                yield return new Ordering(
                    FormattableString.Invariant($"{delays} delays: BASGD reaches {100 * level:0} % before synchronous SGD does"),
                    basgd < synchronous,
                    $"{Metric.Show(basgd)} s against {Metric.Show(synchronous)} s: {(double.IsFinite(basgd) && double.IsFinite(synchronous) ? $"{Metric.Show(synchronous / basgd)} times as fast" : "not both in the time given")}");
            }
        }
    }

    private static IReadOnlyList<double> Seconds(Findings findings, string setting, string method, double level) =>
        [.. findings[setting, method].Runs.Select(run => run.SecondsTo(level))];

    private static string Show(IReadOnlyList<double> seconds) => Spread.Of(seconds).ToString();
}
