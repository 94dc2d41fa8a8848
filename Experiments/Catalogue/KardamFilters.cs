using System.Globalization;
using Basgd.Experiments.Reporting;
using Basgd.Simulator;

namespace Basgd.Experiments.Catalogue;

/// <summary>Whom Kardam's filters keep out.</summary>
internal sealed class KardamFilters : Experiment
{
    private static readonly Adversary Attackers = Adversary.NegativeGradient(3);

    public override string Name => "kardam";

    public override string Title => "Whose gradients Kardam filters";

    public override string About =>
        "Kardam keeps out gradients that change faster than most (Lipschitz filter) and workers that are heard too often (frequency filter). " +
        "The paper (table 1) finds that under NG both keep out loyal and Byzantine gradients in about equal shares, which is why Kardam fails.";

    public override IReadOnlyList<Trial> Trials(Scale scale) =>
        [.. scale.Gammas.Select(gamma => Method.Kardam(gamma).In(Attackers.Among(scale.Images), Attackers.On(scale.Images)))];

    public override IReadOnlyList<Table> Tables(Scale scale, Findings findings) =>
    [
        new Table(
            "filtered",
            "Share of the gradients received that each filter keeps out, all seeds together.",
            ["method", "from", "received", "frequency filter", "Lipschitz filter", "in all"],
            [.. from outcome in findings.Outcomes
                from side in (string[])["loyal", "Byzantine"]
                select Row(outcome, side)]),
        Table.OfFinal(findings),
    ];

    public override IEnumerable<Ordering> Orderings(Scale scale, Findings findings)
    {
        foreach (var outcome in findings.Outcomes)
        {
            var (loyal, byzantine) = (Sum(outcome, "loyal"), Sum(outcome, "Byzantine"));
            yield return Ordering.Within($"{outcome.Trial.Method}: loyal gradients are filtered about as much as Byzantine ones, by their difference in points", [100 * (loyal.FilteredShare - byzantine.FilteredShare)], -15, 15);
        }
    }

    private static string[] Row(Outcome outcome, string side)
    {
        var counts = Sum(outcome, side);
        string Share(long filtered) => (100.0 * filtered / counts.Received).ToString("0.0", CultureInfo.InvariantCulture) + " %";
        return [outcome.Trial.Method, side, counts.Received.ToString(CultureInfo.InvariantCulture), Share(counts.FilteredByFrequency), Share(counts.FilteredByLipschitz), Share(counts.FilteredByFrequency + counts.FilteredByLipschitz)];
    }

    private static GradientCounts Sum(Outcome outcome, string side) => outcome.Runs
        .Select(run => side == "loyal" ? run.Loyal : run.Byzantine)
        .Aggregate(static (a, b) => new GradientCounts(a.Received + b.Received, a.FilteredByFrequency + b.FilteredByFrequency, a.FilteredByLipschitz + b.FilteredByLipschitz, a.Refused + b.Refused));
}
