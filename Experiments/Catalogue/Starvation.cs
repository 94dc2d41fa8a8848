using Basgd.Experiments.Reporting;
using Basgd.Simulator;

namespace Basgd.Experiments.Catalogue;

/// <summary>A buffer all of whose workers leave.</summary>
internal sealed class Starvation : Experiment
{
    private const int Buffers = 10;
    private const string Gone = "workers of a buffer leave";
    private const string Back = "workers of a buffer leave and return";

    /// <summary>Δ, in virtual seconds: some twenty rounds.</summary>
    private const double Patience = 20;

    private static readonly Method Without = new("without reassignment", new BasgdServer { Buffers = Buffers });
    private static readonly Method With = new($"with reassignment, Δ = {Patience} s", new BasgdServer { Buffers = Buffers, ReassignAfterSeconds = Patience });

    public override string Name => "starvation";

    public override string Title => "Beyond the paper: a buffer starves";

    public override string About =>
        "At a quarter of the time every worker of the first of ten buffers leaves, for good or for half the time. Without reassignment no step is made while the buffer is empty; " +
        "with it (Algorithm 1 of the paper) the workers that are left are spread over all buffers after Δ seconds without a step.";

    public override Picture Picture => Picture.BySeconds;

    public override int Seeds(Scale scale) => scale.GridSeeds;

    public override IReadOnlyList<Trial> Trials(Scale scale)
    {
        var setup = scale.Images.ByTheClock();
        var end = setup.Spec.Horizon.Value;
        return [.. from setting in (IEnumerable<(string Name, double Until)>)[(Gone, double.PositiveInfinity), (Back, 0.75 * end)]
                   from method in (Method[])[Without, With]
                   select method.In(setting.Name, Leaving(setup, 0.25 * end, setting.Until))];
    }

    public override IEnumerable<Ordering> Orderings(Scale scale, Findings findings)
    {
        IReadOnlyList<double> Steps(string setting, Method method) => [.. findings[setting, method.Name].Runs.Select(static run => (double)run.Totals.End.Steps)];
        foreach (var setting in (string[])[Gone, Back])
        {
            yield return Ordering.Better(findings.Metric, $"{setting}: reassignment makes a better model", findings.Final(setting, With.Name), findings.Final(setting, Without.Name), 0.5);
            yield return Ordering.Better(findings.Metric, $"{setting}: reassignment makes a fifth more steps, by their number", Steps(setting, With), [.. Steps(setting, Without).Select(static steps => 1.2 * steps)], 0);
        }
    }

    private static Setup Leaving(Setup setup, double from, double until)
    {
        var leaving = Enumerable.Range(0, setup.Spec.Workers).Where(static worker => worker % Buffers == 0).ToHashSet();
        return setup with { Spec = setup.Spec with { Delays = new OutageDelays(setup.Spec.Delays, leaving, from, until), Patience = long.MaxValue } };
    }
}
