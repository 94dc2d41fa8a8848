namespace Basgd.Aggregation.Tests;

public sealed class RulesCatalogTests
{
    [Fact]
    public void Every_rule_listed_can_be_made_with_its_defaults()
    {
        Rules.All.Select(static r => r.Name).ShouldBe(
            ["mean", "median", "trimmed-mean", "meamed", "krum", "multi-krum", "geometric-median", "centered-clipping", "mda", "monna", "caf", "smea", "bulyan", "sign-majority"]);
        Rules.PreAggregations.Select(static r => r.Name).ShouldBe(["nnm", "bucketing", "clipping", "arc"]);
        foreach (var stage in Rules.PreAggregations) Rules.Validate($"{stage.Name}|median", rows: 7, defaultF: 1);
        foreach (var rule in Rules.All)
        {
            rule.Summary.ShouldNotContain('\n');
            Rules.Validate(rule.Name, rows: 7, defaultF: 1);
            Rules.Create<float>(rule.Name, defaultF: 1).ShouldNotBeNull();
        }
    }

    [Theory]
    [InlineData("medain", 5, 1, "rule 'medain' is unknown. Known: mean, median, trimmed-mean, meamed, krum, multi-krum, geometric-median, centered-clipping, mda, monna, caf, smea, bulyan, sign-majority.")]
    [InlineData("median(f=1)", 5, 1, "median: f = 1: there are no parameters.")]
    [InlineData("krum(g=2)", 5, 1, "krum: g = 2: known parameters: f, neighbours.")]
    [InlineData("krum(neighbours=-3)", 5, 1, "krum: neighbours = -3: must be -2 or -1.")]
    [InlineData("trimmed-mean(f=1.5)", 5, 1, "trimmed-mean: f = 1.5: must be a whole number ≥ 0.")]
    [InlineData("trimmed-mean(f=-1)", 5, 1, "trimmed-mean: f = -1: must be a whole number ≥ 0.")]
    [InlineData("trimmed-mean(f=3)", 6, 1, "trimmed-mean: n = 6 rows with f = 3: must be n ≥ 2f + 1 = 7.")]
    [InlineData("trimmed-mean", 6, 3, "trimmed-mean: n = 6 rows with f = 3: must be n ≥ 2f + 1 = 7.")]
    [InlineData("krum(f=2)", 6, 0, "krum: n = 6 rows with f = 2: must be n ≥ 2f + 3 = 7.")]
    [InlineData("krum(f=2, neighbours=-1)", 4, 0, "krum: n = 4 rows with f = 2: must be n ≥ 2f + 1 = 5.")]
    [InlineData("geometric-median(nu=0)", 5, 1, "geometric-median: nu = 0: must be > 0.")]
    [InlineData("geometric-median(T=0)", 5, 1, "geometric-median: T = 0: must be a whole number ≥ 1.")]
    [InlineData("multi-krum(f=2)", 6, 0, "multi-krum: n = 6 rows with f = 2: must be n ≥ 2f + 3 = 7.")]
    [InlineData("meamed", 4, 2, "meamed: n = 4 rows with f = 2: must be n ≥ 2f + 1 = 5.")]
    [InlineData("monna(idx=5)", 5, 1, "monna: idx = 5 with n = 5 rows: must be ≤ n − 1 = 4.")]
    [InlineData("mda(f=20)", 60, 1, "mda: n = 60 rows with f = 20: must be C(n, f) ≤ 10000000")]
    [InlineData("centered-clipping(tau=0)", 5, 1, "centered-clipping: tau = 0: must be > 0.")]
    [InlineData("nmn|mean", 5, 1, "pre-aggregation 'nmn' is unknown. Known: nnm, bucketing, clipping, arc.")]
    [InlineData("nnm", 5, 1, "'nnm' is a pre-aggregation: a rule must follow it, such as nnm|mean.")]
    [InlineData("nnm|mean", 4, 2, "nnm: n = 4 rows with f = 2: must be n ≥ 2f + 1 = 5.")]
    [InlineData("clipping(c=-1)|mean", 4, 2, "clipping: c = -1: must be ≥ 0.")]
    [InlineData("caf", 4, 2, "caf: n = 4 rows with f = 2: must be n ≥ 2f + 1 = 5.")]
    [InlineData("smea", 4, 2, "smea: n = 4 rows with f = 2: must be n ≥ 2f + 1 = 5.")]
    [InlineData("smea(f=10)", 30, 1, "smea: n = 30 rows with f = 10: must be C(n, f) ≤ 1000000")]
    [InlineData("bulyan", 10, 2, "bulyan: n = 10 rows with f = 2: must be n ≥ 4f + 3 = 11.")]
    [InlineData("nnm|bulyan", 6, 1, "bulyan: n = 6 rows with f = 1: must be n ≥ 4f + 3 = 7.")]
    [InlineData("bucketing(s=0)|mean", 4, 0, "bucketing: s = 0: must be a whole number ≥ 1.")]
    [InlineData("bucketing(seed=-1)|mean", 4, 0, "bucketing: seed = -1: must be a whole number ≥ 0.")]
    [InlineData("bucketing(s=3)|trimmed-mean(f=2)", 12, 0, "trimmed-mean: n = 4 rows with f = 2: must be n ≥ 2f + 1 = 5.")]
    [InlineData("nnm|", 5, 1, "name(key=value, ...)")]
    [InlineData("krum(f=1", 5, 1, "name(key=value, ...)")]
    [InlineData("mean", 0, 0, "rows = 0: must be ≥ 1.")]
    [InlineData("mean", 5, -1, "f = -1: must be ≥ 0.")]
    public void What_cannot_work_is_refused_by_name_value_and_bound(string text, int rows, int defaultF, string message) =>
        Should.Throw<ArgumentException>(() => Rules.Validate(text, rows, defaultF)).Message.ShouldContain(message);

    [Theory]
    [InlineData("trimmed-mean(f=2)", 5)]
    [InlineData("krum(f=1)", 5)]
    [InlineData("krum(f=2, neighbours=-1)", 5)]
    [InlineData("median", 1)]
    [InlineData("bulyan(f=1)", 7)]
    [InlineData("caf(f=2)", 5)]
    [InlineData("smea(f=2)", 5)]
    [InlineData("bucketing(s=3)|trimmed-mean(f=2)", 13)]
    public void The_bound_itself_is_accepted(string text, int rows) => Should.NotThrow(() => Rules.Validate(text, rows, defaultF: 0));

    [Fact]
    public void A_rule_refuses_too_few_rows_when_it_is_run() =>
        Should.Throw<ArgumentException>(() => Run.Rule("trimmed-mean(f=1)", [1f], [2f])).Message.ShouldContain("2f + 1 = 3");

    [Fact]
    public void Other_number_types_are_refused() => Should.Throw<NotSupportedException>(() => Rules.Create<Half>("mean"));
}
