namespace Basgd.Experiments.Catalogue;

/// <summary>Attackers that see what the loyal workers are about to send.</summary>
internal sealed class Collusion : Experiment
{
    private const int Buffers = 15;

    private static readonly Adversary[] Adversaries =
    [
        new("ALIE", 6, "a-little-is-enough"),
        new("IPM", 6, "inner-product-manipulation"),
    ];

    private static readonly Method[] Methods =
    [
        Method.Asgd,
        Method.Basgd(Buffers, "median"),
        Method.BasgdM(Buffers, "median"),
        Method.Basgd(Buffers, "nnm|trimmed-mean"),
        Method.BasgdM(Buffers, "nnm|trimmed-mean"),
        Method.BasgdM(Buffers, "centered-clipping"),
    ];

    public override string Name => "collusion";

    public override string Title => "Beyond the paper: attackers that see the loyal gradients";

    public override string About =>
        "Six of 30 workers see the gradients that the loyal ones have in flight and send mean + τ deviations (ALIE, Baruch et al., 2019) or −τ times their mean (IPM, Xie et al., 2019), " +
        "which lie among the loyal gradients or close to them. Momentum on the workers makes loyal vectors agree, so that there is less room to hide in (Karimireddy et al., 2021), and mixing of nearest neighbours (NNM, Allouah et al., 2023) makes them agree more.";

    public override int Seeds(Scale scale) => scale.GridSeeds;

    public override IReadOnlyList<Trial> Trials(Scale scale) =>
        [.. from adversary in Adversaries from method in Methods select method.In(adversary.Among(scale.Images), adversary.On(scale.Images))];

    public override IEnumerable<Ordering> Orderings(Scale scale, Findings findings)
    {
        foreach (var setting in findings.Settings)
        {
            IReadOnlyList<double> Of(Method method) => findings.Final(setting, method.Name);
            yield return Ordering.Better(findings.Metric, $"{setting}: NNM and momentum are at least as good as the median alone, within a point", Of(Method.BasgdM(Buffers, "nnm|trimmed-mean")), Of(Method.Basgd(Buffers, "median")), -1);
        }
    }
}
