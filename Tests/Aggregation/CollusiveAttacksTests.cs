namespace Basgd.Aggregation.Tests;

public sealed class CollusiveAttacksTests
{
    private static readonly double[][] Honest = [[1, 2], [2, 4], [3, 9]];

    [Fact]
    public void Every_collusive_attack_listed_can_be_made_in_float_and_double()
    {
        foreach (var attack in Attacks.All.Where(static a => a.Side == AttackSide.Collusion))
        {
            var made = Attacks.CreateCollusive(attack.Name);
            var wide = new double[2];
            made.Forge(Run.Memories(Honest), new AttackTarget<double>(Rules.Create<double>("median"), 1), wide);
            var narrow = new float[2];
            made.Forge(Run.Memories(Generators.ToFloat(Honest)), new AttackTarget<float>(Rules.Create<float>("median"), 1), narrow);
            narrow.Select(static x => (double)x).ShouldBe(wide, tolerance: 1e-5 * wide.Max(Math.Abs), customMessage: attack.Name);
        }
    }

    [Theory]
    [InlineData("mimic(epsilon=-1)", "mimic: epsilon = -1: must be a whole number ≥ 0.")]
    [InlineData("optimal-inner-product-manipulation(evals=0)", "optimal-inner-product-manipulation: evals = 0: must be a whole number ≥ 1.")]
    [InlineData("optimal-inner-product-manipulation(delta=0)", "optimal-inner-product-manipulation: delta = 0: must not be 0.")]
    [InlineData("optimal-a-little-is-enough(ratio=0.5)", "optimal-a-little-is-enough: ratio = 0.5: must be > 0.5 and < 1.")]
    [InlineData("optimal-a-little-is-enough(ratio=1)", "optimal-a-little-is-enough: ratio = 1: must be > 0.5 and < 1.")]
    [InlineData("sign-flipping", "sign-flipping: every attacker mounts it on its own")]
    [InlineData("mimik", "collusive attack 'mimik' is unknown. Known: inner-product-manipulation, ")]
    public void What_cannot_work_is_refused(string text, string message) =>
        Should.Throw<ArgumentException>(() => Attacks.CreateCollusive(text)).Message.ShouldContain(message);

    [Theory]
    [InlineData("inner-product-manipulation", 0, "inner-product-manipulation: 0 honest rows: must be ≥ 1.")]
    [InlineData("a-little-is-enough", 1, "a-little-is-enough: 1 honest rows: must be ≥ 2.")]
    [InlineData("mimic(epsilon=3)", 3, "mimic(epsilon=3): 3 honest rows: must be ≥ 4.")]
    [InlineData("optimal-a-little-is-enough", 1, "1 honest rows: must be ≥ 2.")]
    [InlineData("optimal-inner-product-manipulation", 0, "0 honest rows: must be ≥ 1.")]
    public void Too_few_honest_rows_are_refused(string text, int rows, string message) =>
        Should.Throw<ArgumentException>(() => Forge(text, "mean", Honest[..rows])).Message.ShouldContain(message);

    [Fact]
    public void Rows_of_another_length_are_refused() =>
        Should.Throw<ArgumentException>(() => Forge("inner-product-manipulation", "mean", [[1, 2], [3]])).Message.ShouldContain("row 1 has length 1");

    /// <summary>The first steps lead beyond what a float can hold.</summary>
    [Fact]
    public void An_optimal_attack_tries_nothing_that_would_be_refused()
    {
        var forged = new float[2];
        Attacks.CreateCollusive("optimal-inner-product-manipulation(start=1, delta=1e39)")
            .Forge(Run.Memories(Generators.ToFloat(Honest)), new AttackTarget<float>(Rules.Create<float>("mean"), 1), forged);
        forged.ShouldAllBe(static x => float.IsFinite(x) && x < -1e30f);
    }

    /// <summary>The farther the better against a mean, so every one of the 20 steps is taken and doubled.</summary>
    [Fact]
    public void The_strongest_attack_on_the_mean_is_the_strongest_tried() =>
        Forge("optimal-inner-product-manipulation(evals=5)", "mean", Honest).ShouldBe([-300, -750], tolerance: 1e-9);

    [Theory]
    [InlineData("mean")]
    [InlineData("median")]
    [InlineData("trimmed-mean(f=2)")]
    [InlineData("multi-krum(f=2)")]
    [InlineData("bucketing|median")]
    public void An_optimal_attack_harms_no_less_than_the_strength_it_begins_with(string rule)
    {
        var random = new Random(11);
        double[][] honest = [.. Enumerable.Range(0, 8).Select(_ => Enumerable.Range(0, 12).Select(_ => random.NextDouble()).ToArray())];
        Harm("optimal-a-little-is-enough(start=1.5, delta=0.5)").ShouldBeGreaterThanOrEqualTo(Harm("a-little-is-enough(tau=1.5)"));

        double Harm(string attack)
        {
            var forged = Forge(attack, rule, honest);
            return Math.Sqrt(Naive.SquaredDistance(Run.Rule(rule, [.. honest, forged, forged]), Naive.Mean(honest)));
        }
    }

    private static double[] Forge(string attack, string rule, double[][] honest)
    {
        var forged = new double[honest.Length == 0 ? 2 : honest[0].Length];
        Attacks.CreateCollusive(attack).Forge(Run.Memories(honest), new AttackTarget<double>(Rules.Create<double>(rule), 2), forged);
        return forged;
    }
}
