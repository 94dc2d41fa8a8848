using System.Globalization;
using Basgd.Experiments.Reporting;
using Basgd.Experiments.Running;
using Basgd.Simulator;

namespace Basgd.Experiments.Catalogue;

/// <summary>Whether the server can tell who is Byzantine, and how often it is wrong.</summary>
internal sealed class Suspects : Experiment
{
    private const int Buffers = 15;
    private const long Reshuffle = 10;
    private static readonly int[] Counts = [3, 6];
    private static readonly double[] Alphas = [double.PositiveInfinity, 1, 0.1];
    private static readonly Method Fixed = new("fixed mapping", new BasgdServer { Buffers = Buffers });
    private static readonly Method Dealt = new($"reshuffled every {Reshuffle} rounds", new BasgdServer { Buffers = Buffers, ReshuffleEverySteps = Reshuffle });
    private static readonly Method[] Methods = [Fixed, Dealt];

    private static readonly Metric OnTop = Metric.OfBeliefs("attackers among the most suspect, %", true, static round => 100 * round.OnTop);
    private static readonly Metric Highest = Metric.OfBeliefs("highest belief in a loyal worker, %", false, static round => 100 * round.HighestLoyal);

    public override string Name => "suspicion";

    public override string Title => "Beyond the paper: who is it?";

    public override string About =>
        $"From how far each of the {Buffers} buffers lies from the aggregate, and who was in it, the server estimates how likely each of 30 workers is Byzantine. Attackers are on top where none of the loyal workers is as suspect as one of them. " +
        $"They send −10 g (NG), g + N(0, ‖0.2 g‖² I) (RD), a little off the mean of the loyal gradients, which they see (ALIE), or −g (SF). A loyal worker is falsely suspected where the belief in it is above {Percent(RoundBeliefs.Suspected)}. " +
        "Workers that share a buffer for good are told apart only by the rounds in which one of them is missing; reshuffling deals them to other buffers, and loses the gradients on their way.";

    public override Metric Metric => OnTop;

    public override Picture Picture => Picture.ByRounds;

    public override int Seeds(Scale scale) => scale.SuspicionSeeds;

    public override IReadOnlyList<Trial> Trials(Scale scale) =>
    [
        .. from adversary in Adversaries from method in Methods select method.In(adversary.Among(scale.Images), adversary.On(Watched(scale))),
        .. from alpha in Alphas from method in Methods select method.In(Peace(alpha), Skew.Skewed(Watched(scale), alpha)),
    ];

    public override Metric MetricIn(string setting) => Alphas.Any(alpha => setting == Peace(alpha)) ? Highest : OnTop;

    public override IReadOnlyList<Table> Tables(Scale scale, Findings findings) =>
    [
        new Table(
            "found",
            $"Rounds until all attackers are on top for the first time, least to most over seeds (– where that did not happen with every seed); in how many of the rounds from then on they are; how many of them are above {Percent(RoundBeliefs.Condemned)} at the end; how many loyal gradients are lost.",
            ["attack", "mapping", "rounds", "on top from then on", $"above {Percent(RoundBeliefs.Condemned)}", "gradients lost"],
            [.. from outcome in findings.Outcomes.Where(outcome => MetricIn(outcome.Trial.Setting) == OnTop)
                select (IReadOnlyList<string>)[outcome.Trial.Setting, outcome.Trial.Method, Range([.. outcome.Runs.Select(FoundAfter)]), Mean(outcome, OnTopSince), Mean(outcome, static run => Last(run).Caught), Mean(outcome, Lost)]]),
        new Table(
            "false-alarms",
            $"Nobody attacks. Share of the workers above {Percent(RoundBeliefs.Suspected)} and above {Percent(RoundBeliefs.Condemned)}, mean over rounds and seeds; the highest belief in anybody in any round; how many gradients are lost.",
            ["data", "mapping", "suspected", $"above {Percent(RoundBeliefs.Condemned)}", "highest belief", "gradients lost"],
            [.. from outcome in findings.Outcomes.Where(outcome => MetricIn(outcome.Trial.Setting) == Highest)
                select (IReadOnlyList<string>)[outcome.Trial.Setting, outcome.Trial.Method, Mean(outcome, FalselySuspected), Mean(outcome, FalselyCondemned), Percent(outcome.Runs.Max(HighestEver)), Mean(outcome, Lost)]]),
    ];

    public override IEnumerable<Ordering> Orderings(Scale scale, Findings findings)
    {
        foreach (var adversary in Adversaries.Where(static adversary => adversary.Name is "NG" or "RD"))
        {
            foreach (var method in Methods)
            {
                var runs = findings[adversary.Among(scale.Images), method.Name].Runs;
                yield return Ordering.Within($"{adversary.Among(scale.Images)}, {method.Name}: attackers are on top within 30 rounds", [.. runs.Select(FoundAfter)], 1, 30);
                yield return Ordering.Within($"{adversary.Among(scale.Images)}, {method.Name}: they stay there, in percent of the rounds", [.. runs.Select(static run => 100 * OnTopSince(run))], 90, 100);
            }
        }

        foreach (var adversary in Adversaries.Where(static adversary => adversary.Name is "ALIE"))
            yield return Ordering.Within($"{adversary.Among(scale.Images)}, {Dealt.Name}: attackers are on top within 60 rounds", [.. findings[adversary.Among(scale.Images), Dealt.Name].Runs.Select(FoundAfter)], 1, 60);
        foreach (var alpha in Alphas)
        {
            var runs = Methods.SelectMany(method => findings[Peace(alpha), method.Name].Runs).ToArray();
            yield return Ordering.Within($"{Peace(alpha)}: hardly anybody is suspected, in percent of workers and rounds", [.. runs.Select(static run => 100 * FalselySuspected(run))], 0, 5);
        }

        yield return Ordering.Within($"{Peace(double.PositiveInfinity)}: reshuffling loses some gradients and not many, in percent", [.. findings[Peace(double.PositiveInfinity), Dealt.Name].Runs.Select(static run => 100 * Lost(run))], 2, 20);
        foreach (var method in Methods)
            yield return Ordering.Within($"{Peace(double.PositiveInfinity)}, {method.Name}: nobody is suspected, by the highest belief in percent", [.. findings[Peace(double.PositiveInfinity), method.Name].Runs.Select(static run => 100 * HighestEver(run))], 0, 50);
    }

    private static IEnumerable<Adversary> Adversaries =>
    [
        .. Counts.Select(Adversary.NegativeGradient),
        .. Counts.Select(static count => Adversary.RandomDisturbance(count, 0.2)),
        .. Counts.Select(static count => new Adversary("ALIE", count, "a-little-is-enough")),
        .. Counts.Select(static count => new Adversary("SF", count, "sign-flipping")),
    ];

    private static string Peace(double alpha) => Skew.Named(NoAttack.Setting, alpha);

    private static Setup Watched(Scale scale) => scale.Images with { KeepsBeliefs = true, Spec = scale.Images.Spec with { Horizon = Amount.Steps(scale.SuspicionRounds), EvaluateEvery = null } };

    /// <summary>+∞ where the attackers never were.</summary>
    private static double FoundAfter(RunRecord run) => run.Beliefs.Where(static round => round.OnTop == 1).Select(static round => (double)round.At.Steps).DefaultIfEmpty(double.PositiveInfinity).First();

    /// <summary>NaN where the attackers never were.</summary>
    private static double OnTopSince(RunRecord run) => MeanOf(run.Beliefs.SkipWhile(static round => round.OnTop < 1), static round => round.OnTop == 1 ? 1 : 0);

    private static double FalselySuspected(RunRecord run) => MeanOf(run.Beliefs, static round => round.FalselySuspected);

    private static double FalselyCondemned(RunRecord run) => MeanOf(run.Beliefs, static round => round.FalselyCondemned);

    private static double HighestEver(RunRecord run) => run.Beliefs.Select(static round => round.HighestLoyal).DefaultIfEmpty(double.NaN).Max();

    private static double Lost(RunRecord run) => (double)run.Loyal.Refused / run.Loyal.Received;

    private static RoundBeliefs Last(RunRecord run) => run.Beliefs is [.., var last] ? last : default;

    private static double MeanOf(IEnumerable<RoundBeliefs> rounds, Func<RoundBeliefs, double> of) => rounds.Select(of).DefaultIfEmpty(double.NaN).Average();

    private static string Mean(Outcome outcome, Func<RunRecord, double> of) => Percent(outcome.Runs.Average(of));

    private static string Range(IReadOnlyList<double> rounds) =>
        double.IsInfinity(rounds.Max()) ? "–" : string.Create(CultureInfo.InvariantCulture, $"{rounds.Min()}–{rounds.Max()}");

    private static string Percent(double share) => double.IsNaN(share) ? "–" : share.ToString("0.# %", CultureInfo.InvariantCulture);
}
