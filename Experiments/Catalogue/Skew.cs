using System.Globalization;

namespace Basgd.Experiments.Catalogue;

/// <summary>Workers whose data differ.</summary>
internal sealed class Skew : Experiment
{
    private static readonly double[] Alphas = [0.1, 1, double.PositiveInfinity];
    private static readonly Adversary Attackers = Adversary.NegativeGradient(3);

    private static readonly Method[] Methods =
    [
        Method.Asgd,
        Method.Basgd(10, "median"),
        Method.Basgd(10, "nnm|trimmed-mean"),
        Method.BasgdM(10, "nnm|trimmed-mean"),
    ];

    public override string Name => "skew";

    public override string Title => "Beyond the paper: workers whose data differ";

    public override string About =>
        "Each label's examples are dealt to the workers in shares from a Dirichlet distribution: with α = 0.1 most workers have few labels, with α = ∞ all have the same. " +
        "Robust rules take what differs for suspect, so skew costs accuracy; mixing nearest neighbours (NNM, Allouah et al., 2023) is made for it.";

    public override int Seeds(Scale scale) => scale.GridSeeds;

    public override IReadOnlyList<Trial> Trials(Scale scale) =>
        [.. from attacked in (bool[])[false, true]
            from alpha in Alphas
            from method in Methods
            select method.In(Setting(scale, attacked, alpha), Skewed(attacked ? Attackers.On(scale.Images) : scale.Images, alpha))];

    public override IEnumerable<Ordering> Orderings(Scale scale, Findings findings)
    {
        IReadOnlyList<double> Of(bool attacked, double alpha, string rule) => findings.Final(Setting(scale, attacked, alpha), Method.Basgd(10, rule).Name);
        foreach (var attacked in (bool[])[false, true])
        {
            yield return Ordering.Better(findings.Metric, $"{Threat(scale, attacked)}: skew costs the median accuracy", Of(attacked, double.PositiveInfinity, "median"), Of(attacked, 0.1, "median"), 3);
            yield return Ordering.Better(findings.Metric, $"{Setting(scale, attacked, 0.1)}: NNM is at least as good as the median", Of(attacked, 0.1, "nnm|trimmed-mean"), Of(attacked, 0.1, "median"), 0);
        }
    }

    /// <summary>The same with shares of the data from a Dirichlet distribution; α = +∞ for shares alike.</summary>
    public static Setup Skewed(Setup setup, double alpha) => double.IsPositiveInfinity(alpha) ? setup : setup with { Spec = setup.Spec with { DirichletAlpha = alpha } };

    /// <summary>A setting's name with its skew.</summary>
    public static string Named(string threat, double alpha) => $"{threat}, α = {(double.IsPositiveInfinity(alpha) ? "∞" : alpha.ToString(CultureInfo.InvariantCulture))}";

    private static string Threat(Scale scale, bool attacked) => attacked ? Attackers.Among(scale.Images) : NoAttack.Setting;

    private static string Setting(Scale scale, bool attacked, double alpha) => Named(Threat(scale, attacked), alpha);
}
