namespace Basgd.Experiments.Catalogue;

/// <summary>The paper's attacks on a language model.</summary>
internal sealed class Language : Experiment
{
    private const string Peace = "no attack";
    private static readonly Method[] Robust = [Method.Basgd(5, "median"), Method.Basgd(5, "trimmed-mean"), Method.Basgd(5, "geometric-median")];

    public override string Name => "language";

    public override string Title => "A language model, one worker of eight hostile";

    public override string About =>
        "A word-level LSTM of two layers, eight workers with exponential delays, one of which sends −10 g (NG) or g + N(0, ‖0.1 g‖² I) (RD). " +
        "The paper (section 5.3) finds that BASGD keeps its perplexity where ASGD and Kardam lose theirs. Most words of a text are rare, and a rule that works by coordinates ignores a word that fewer than half of the buffers have met; the geometric median takes gradients as a whole.";

    public override Metric Metric => Metric.Perplexity;

    public override int Seeds(Scale scale) => scale.LanguageSeeds;

    public override IReadOnlyList<Trial> Trials(Scale scale) =>
        [.. from setting in Settings(scale)
            from method in (Method[])[Method.Asgd, Method.Kardam(1), .. Robust]
            select method.In(setting.Name, setting.Setup)];

    public override IEnumerable<Ordering> Orderings(Scale scale, Findings findings)
    {
        foreach (var adversary in Adversaries(scale))
        {
            var setting = adversary.Among(scale.Language);
            var asgd = findings.Final(setting, Method.Asgd.Name);
            foreach (var method in Robust)
                yield return Ordering.Better(findings.Metric, $"{setting}: {method.Name} has a lower perplexity than ASGD", findings.Final(setting, method.Name), asgd, 0);
        }
    }

    private static IEnumerable<(string Name, Setup Setup)> Settings(Scale scale)
    {
        if (!IsTooShort(scale)) yield return (Peace, scale.Language);
        foreach (var adversary in Adversaries(scale)) yield return (adversary.Among(scale.Language), adversary.On(scale.Language));
    }

    private static Adversary[] Adversaries(Scale scale)
    {
        var negative = Adversary.NegativeGradient(1);
        return IsTooShort(scale) ? [negative] : [negative, Adversary.RandomDisturbance(1, 0.1)];
    }

    /// <summary>BASGD makes some twenty steps then: enough to see who diverges, not who learns faster under a noise of mean zero or none.</summary>
    private static bool IsTooShort(Scale scale) => scale == Scale.Ci;
}
