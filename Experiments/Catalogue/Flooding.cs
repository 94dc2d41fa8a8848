using Basgd.Experiments.Reporting;
using Basgd.Simulator;

namespace Basgd.Experiments.Catalogue;

/// <summary>Attackers that send ten times as often as others.</summary>
internal sealed class Flooding : Experiment
{
    private const double Rate = 10;
    private static readonly Adversary Attackers = Adversary.NegativeGradient(3);
    private static readonly Method Median = Method.Basgd(10, "median");
    private static readonly Method Fair = new("BASGD, B = 10, median, workers weigh equally", new BasgdServer { Buffers = 10, WeighWorkersEqually = true });
    private static readonly Method FedBuff = new("FedBuff, K = 10", new FedBuffServer { K = 10 });

    public override string Name => "flooding";

    public override string Title => "Beyond the paper: attackers that flood";

    public override string About =>
        "Three of 30 workers send −10 g, in the second setting ten times as often as the others. Runs last equally long in virtual time, so that loyal workers do the same work in both. " +
        "A worker's gradients all go to one buffer, so a flood spoils no more buffers than the attackers are.";

    public override Picture Picture => Picture.BySeconds;

    public override int Seeds(Scale scale) => scale.GridSeeds;

    public override IReadOnlyList<Trial> Trials(Scale scale)
    {
        var calm = scale.Images.ByTheClock();
        var flooded = calm with { Spec = calm.Spec with { Delays = RatedDelays.OfLast(Attackers.Count, calm.Spec.Workers, Rate, calm.Spec.Delays) } };
        return [.. from setting in (IEnumerable<(string Name, Setup Setup)>)[(Calm(scale), calm), (Flooded(scale), flooded)]
                   from method in (Method[])[Method.Asgd, FedBuff, Median, Fair]
                   select method.In(setting.Name, Attackers.On(setting.Setup))];
    }

    public override IEnumerable<Ordering> Orderings(Scale scale, Findings findings)
    {
        foreach (var method in (Method[])[Median, Fair])
        {
            yield return Ordering.Better(findings.Metric, $"{method.Name}: ten times as many attacks cost less than five points", findings.Final(Flooded(scale), method.Name), findings.Final(Calm(scale), method.Name), -5);
            yield return Ordering.Better(findings.Metric, $"{Flooded(scale)}: {method.Name} beats ASGD", findings.Final(Flooded(scale), method.Name), findings.Final(Flooded(scale), Method.Asgd.Name), 20);
            yield return Ordering.Better(findings.Metric, $"{Flooded(scale)}: {method.Name} beats FedBuff", findings.Final(Flooded(scale), method.Name), findings.Final(Flooded(scale), FedBuff.Name), 20);
        }
    }

    private static string Calm(Scale scale) => Attackers.Among(scale.Images);

    private static string Flooded(Scale scale) => $"{Calm(scale)}, tenfold rate";
}
