using Basgd.Simulator;

namespace Basgd.Experiments.Catalogue;

/// <summary>The picture for the front page.</summary>
internal sealed class Survival : Experiment
{
    private const string Setting = "ten workers, two of them hostile";
    private static readonly Adversary Attackers = Adversary.NegativeGradient(2);
    private static readonly Method Peace = Method.Asgd with { Name = "ASGD without the hostile" };
    private static readonly Method Basgd = Method.BasgdM(5, "median");

    public override string Name => "survival";

    public override string Title => "BASGD survives, ASGD does not";

    public override string About =>
        "LeNet-5 on Fashion-MNIST with ten workers, of which two send −10 g. The same at every scale, in about a minute of computing.";

    public override int Seeds(Scale scale) => 1;

    public override IReadOnlyList<Trial> Trials(Scale scale)
    {
        var setup = new Setup("lenet5", "fashion-mnist", new SimulationSpec
        {
            Workers = 10,
            LearningRate = 0.05,
            Delays = new TruncatedNormalDelays(),
            Horizon = Amount.Gradients(6_000),
            EvaluateEvery = Amount.Gradients(600),
        });
        return [Peace.In(Setting, setup), Method.Asgd.In(Setting, Attackers.On(setup)), Basgd.In(Setting, Attackers.On(setup))];
    }

    public override IEnumerable<Ordering> Orderings(Scale scale, Findings findings)
    {
        yield return Ordering.Within("ASGD fails", findings.Final(Setting, Method.Asgd.Name), double.NegativeInfinity, 40);
        yield return Ordering.Within("BASGD converges", findings.Final(Setting, Basgd.Name), 65, double.PositiveInfinity);
    }
}
