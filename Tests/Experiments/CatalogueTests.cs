using Basgd.Experiments.Catalogue;
using Basgd.Simulator;

namespace Basgd.Experiments.Tests;

public sealed class CatalogueTests
{
    public static TheoryData<string, string> All
    {
        get
        {
            var all = new TheoryData<string, string>();
            foreach (var experiment in Catalogue.Experiments.All)
                foreach (var scale in Scale.All) all.Add(experiment.Name, scale.Name);
            return all;
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Every_trial_may_run(string experiment, string scale)
    {
        var trials = Find(experiment).Trials(ScaleOf(scale));
        trials.ShouldNotBeEmpty();
        trials.SelectMany(static trial => trial.Seeded(1).Spec.Problems().Select(problem => $"{trial.Setting}, {trial.Method}: {problem}")).ShouldBeEmpty();
        trials.Select(static trial => (trial.Setting, trial.Method)).ShouldBeUnique();
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Every_expectation_and_table_finds_its_trials(string experiment, string scale)
    {
        var (asked, size) = (Find(experiment), ScaleOf(scale));
        var findings = new Findings(asked.Metric, [.. asked.Trials(size).Select(static trial => Given.Outcome(trial, 0.6))]);
        asked.Orderings(size, findings).ShouldNotBeEmpty();
        foreach (var table in asked.Tables(size, findings)) table.Rows.ShouldAllBe(row => row.Count == table.Columns.Count);
    }

    [Fact]
    public void Expectations_that_all_methods_are_alike_under_attack_do_not_hold()
    {
        var attacks = Find("attacks");
        var findings = new Findings(attacks.Metric, [.. attacks.Trials(Scale.Ci).Select(static trial => Given.Outcome(trial, 0.6))]);
        attacks.Orderings(Scale.Ci, findings).Where(static ordering => ordering.Claim.StartsWith("NG", StringComparison.Ordinal)).ShouldAllBe(static ordering => !ordering.Held);
    }

    [Fact]
    public void Experiments_have_names_of_their_own() => Catalogue.Experiments.All.Select(static experiment => experiment.Name).ShouldBeUnique();

    private static Experiment Find(string name) => Catalogue.Experiments.All.Single(experiment => experiment.Name == name);

    private static Scale ScaleOf(string name) => Scale.All.Single(scale => scale.Name == name);
}
