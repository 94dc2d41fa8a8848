namespace Basgd.Experiments.Catalogue;

/// <summary>The paper's two attacks against everything it compares.</summary>
internal sealed class PaperAttacks : Experiment
{
    private static readonly int[] Counts = [3, 6];
    private static readonly int[] BufferCounts = [10, 15];
    private static readonly string[] Rules = ["median", "trimmed-mean", "geometric-median", "krum"];

    private static readonly Metric Loss = Metric.OfCurve("points lost", false, true, static point => 100 * point.Accuracy);

    public override string Name => "attacks";

    public override string Title => "The paper's attacks: negative gradient and random disturbance";

    public override string About =>
        "Byzantine workers send −10 g (NG) or g + N(0, ‖0.2 g‖² I) (RD). ASGD takes all gradients, Kardam filters them, told to expect γ Byzantine workers, BASGD aggregates its buffers by a robust rule, " +
        "where B ≥ 2r + 1 for r attackers. The paper (section 5.2) finds that under NG neither ASGD nor Kardam converges and BASGD does, and that under RD ASGD and Kardam lose accuracy and BASGD less.";

    public override int Seeds(Scale scale) => scale.GridSeeds;

    public override IReadOnlyList<Trial> Trials(Scale scale) =>
    [
        .. from method in (Method[])[Method.Asgd, .. Counts.Select(Leader)] select method.In(NoAttack.Setting, scale.Images),
        .. from adversary in Adversaries
           from method in Baselines(scale).Concat(Robust(adversary.Count))
           select method.In(adversary.Among(scale.Images), adversary.On(scale.Images)),
    ];

    public override IEnumerable<Ordering> Orderings(Scale scale, Findings findings)
    {
        foreach (var adversary in Adversaries)
        {
            var setting = adversary.Among(scale.Images);
            IReadOnlyList<double> Of(Method method) => findings.Final(setting, method.Name);
            if (adversary.Name == "NG")
            {
                yield return Ordering.Within($"{setting}: ASGD fails", Of(Method.Asgd), double.NegativeInfinity, 40);
                foreach (var method in Robust(adversary.Count))
                    yield return Ordering.Better(findings.Metric, $"{setting}: {method.Name} beats ASGD", Of(method), Of(Method.Asgd), 20);
                foreach (var kardam in scale.Gammas.Select(Method.Kardam))
                    yield return Ordering.Better(findings.Metric, $"{setting}: {Leader(adversary.Count).Name} beats {kardam.Name}", Of(Leader(adversary.Count)), Of(kardam), 20);
            }
            else
            {
                double Lost(Method method) => Spread.Of(findings.Final(NoAttack.Setting, method.Name)).Mean - Spread.Of(Of(method)).Mean;
                yield return Ordering.Better(Loss, $"{setting}: {Leader(adversary.Count).Name} loses less to the attack than ASGD, within half a point", [Lost(Leader(adversary.Count))], [Lost(Method.Asgd)], -0.5);
            }
        }
    }

    private static IEnumerable<Adversary> Adversaries =>
        [.. Counts.Select(Adversary.NegativeGradient), .. Counts.Select(static count => Adversary.RandomDisturbance(count, 0.2))];

    private static IEnumerable<Method> Baselines(Scale scale) => [Method.Asgd, .. scale.Gammas.Select(Method.Kardam)];

    /// <summary>The fewest buffers of 10 and 15 that suffice, with every rule; the median with more too.</summary>
    private static IEnumerable<Method> Robust(int attackers)
    {
        int[] buffers = [.. BufferCounts.Where(buffers => buffers >= (2 * attackers) + 1)];
        return [.. Rules.Select(rule => Method.Basgd(buffers[0], rule)), .. buffers.Skip(1).Select(static more => Method.Basgd(more, Rules[0]))];
    }

    private static Method Leader(int attackers) => Robust(attackers).First();
}
