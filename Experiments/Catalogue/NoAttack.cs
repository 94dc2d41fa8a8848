namespace Basgd.Experiments.Catalogue;

/// <summary>What robustness costs where nobody attacks.</summary>
internal sealed class NoAttack : Experiment
{
    public const string Setting = "no attack";
    private static readonly int[] Buffers = [5, 10, 15, 30];

    public override string Name => "no-attack";

    public override string Title => "No attack: what robustness costs";

    public override string About =>
        "Nobody attacks. Asynchronous SGD makes a step for each gradient, BASGD one for each round of its B buffers, so the same gradients make fewer steps the larger B is. " +
        "The paper (section 5.2) finds ASGD best and accuracy falling slowly as B grows.";

    public override IReadOnlyList<Trial> Trials(Scale scale) =>
        [.. ((Method[])[Method.Asgd, Method.Kardam(0), Method.Kardam(3), .. Buffers.Select(Median)]).Select(method => method.In(Setting, scale.Images))];

    public override IEnumerable<Ordering> Orderings(Scale scale, Findings findings)
    {
        IReadOnlyList<double> Of(Method method) => findings.Final(Setting, method.Name);
        foreach (var buffers in Buffers)
            yield return Ordering.Better(findings.Metric, $"ASGD is at least as good as BASGD with B = {buffers}, within a point", Of(Method.Asgd), Of(Median(buffers)), -1);
        foreach (var (fewer, more) in Buffers.Zip(Buffers.Skip(1)))
            yield return Ordering.Better(findings.Metric, $"B = {fewer} is at least as good as B = {more}, within a point", Of(Median(fewer)), Of(Median(more)), -1);
    }

    private static Method Median(int buffers) => Method.Basgd(buffers, "median");
}
