namespace Basgd.Aggregation.Tests;

public sealed class AttacksTests
{
    private static readonly float[] Gradient = [.. Enumerable.Range(0, 10_007).Select(static k => (float)Math.Sin(k) / 100)];

    [Fact]
    public void None_changes_nothing() => Apply("none").ShouldBe(Gradient);

    [Fact]
    public void Negative_gradient_multiplies_by_minus_k()
    {
        Apply("negative-gradient").ShouldBe(Gradient.Select(static g => -10 * g));
        Apply("negative-gradient(k=0.5)").ShouldBe(Gradient.Select(static g => -0.5f * g));
    }

    [Theory]
    [InlineData("random-disturbance", 0.2)]
    [InlineData("random-disturbance(sigma=0.1)", 0.1)]
    public void Random_disturbance_adds_normal_noise_as_large_as_sigma_times_the_norm(string text, double sigma)
    {
        var norm = Math.Sqrt(Gradient.Sum(static g => (double)g * g));
        var noise = Apply(text).Zip(Gradient, (a, g) => (a - g) / (sigma * norm)).ToArray();
        var n = noise.Length;

        // Five standard errors of the mean, the variance, and the share within one deviation (0.6827 for a normal).
        noise.Average().ShouldBe(0, 5 / Math.Sqrt(n));
        noise.Average(static x => x * x).ShouldBe(1, 5 * Math.Sqrt(2.0 / n));
        noise.Average(static x => Math.Abs(x) < 1 ? 1.0 : 0).ShouldBe(0.6827, 5 * Math.Sqrt(0.6827 * 0.3173 / n));
        noise.Zip(noise.Skip(1), static (x, y) => x * y).Average().ShouldBe(0, 5 / Math.Sqrt(n));
    }

    [Fact]
    public void The_same_seed_is_the_same_attack_and_another_is_another()
    {
        Apply("random-disturbance", seed: 3).ShouldBe(Apply("random-disturbance", seed: 3));
        Apply("random-disturbance", seed: 3).ShouldNotBe(Apply("random-disturbance", seed: 4));
    }

    [Fact]
    public void Every_attack_listed_can_be_made_and_takes_an_empty_gradient()
    {
        foreach (var attack in Attacks.All.Where(static a => a.Side != AttackSide.Collusion))
        {
            Attacks.Validate(attack.Name);
            var made = Attacks.Create(attack.Name);
            made.Apply([], new Random(1));
            made.Side.ShouldBe(attack.Side);
        }
    }

    [Fact]
    public void Sign_flipping_turns_the_gradient_round() => Apply("sign-flipping").ShouldBe(Gradient.Select(static g => -g));

    [Fact]
    public void Infinity_and_nan_leave_nothing_that_is_finite()
    {
        Apply("infinity").ShouldAllBe(static x => float.IsPositiveInfinity(x));
        Apply("nan").ShouldAllBe(static x => float.IsNaN(x));
    }

    [Theory]
    [InlineData("label-flipping", AttackSide.Data)]
    [InlineData("silent", AttackSide.Silence)]
    public void What_takes_place_elsewhere_leaves_the_gradient_and_says_where(string text, AttackSide side)
    {
        Apply(text).ShouldBe(Gradient);
        Attacks.Create(text).Side.ShouldBe(side);
    }

    [Fact]
    public void Gaussian_noise_has_the_mean_and_deviation_asked_for()
    {
        var noise = Apply("gaussian(mu=-2, sigma=10)").Select(static x => (x + 2.0) / 10).ToArray();
        noise.Average().ShouldBe(0, 5 / Math.Sqrt(noise.Length));
        noise.Average(static x => x * x).ShouldBe(1, 5 * Math.Sqrt(2.0 / noise.Length));
        noise.Average(static x => Math.Abs(x) < 1 ? 1.0 : 0).ShouldBe(0.6827, 5 * Math.Sqrt(0.6827 * 0.3173 / noise.Length));
    }

    [Theory]
    [InlineData("nagative", "attack 'nagative' is unknown. Known: none, negative-gradient, random-disturbance, sign-flipping, gaussian, infinity, nan, label-flipping, silent.")]
    [InlineData("none(k=1)", "none: k = 1: there are no parameters.")]
    [InlineData("negative-gradient(k=-1)", "negative-gradient: k = -1: must be ≥ 0.")]
    [InlineData("random-disturbance(sigma=-0.1)", "random-disturbance: sigma = -0.1: must be ≥ 0.")]
    [InlineData("gaussian(sigma=-1)", "gaussian: sigma = -1: must be ≥ 0.")]
    [InlineData("mimic(epsilon=1)", "mimic: needs the honest workers' gradients, which a worker of a job does not see: it is for simulation only.")]
    [InlineData("optimal-a-little-is-enough", "it is for simulation only.")]
    public void What_cannot_work_is_refused(string text, string message) =>
        Should.Throw<ArgumentException>(() => Attacks.Validate(text)).Message.ShouldContain(message);

    private static float[] Apply(string text, int seed = 1)
    {
        var gradient = Gradient.ToArray();
        Attacks.Create(text).Apply(gradient, new Random(seed));
        return gradient;
    }
}
