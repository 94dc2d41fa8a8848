using Basgd.Contracts;
using Basgd.Protocol;

namespace Basgd.Grains.Tests.Protocol;

/// <summary>Twelve workers in six buffers; gradients are a direction of length 1 plus noise of length 3 or so.</summary>
public sealed class SuspicionTests
{
    private const int Workers = 12;
    private const int Buffers = 6;
    private const int Dimension = 50;
    private const double Sure = 0.9;

    private static readonly Func<Random, float[]> Loyal = static random => Honest(random);
    private static readonly Func<Random, float[]> Negated = static random => [.. Honest(random).Select(static value => -10 * value)];
    private static readonly Func<Random, float[]> Noisy = static random => [.. Honest(random).Select(value => value + (20 * Normal(random)))];

    [Fact]
    public void Before_the_first_step_everybody_is_as_little_suspect_as_anybody() =>
        new Suspicion(Workers).Beliefs.Distinct().ShouldHaveSingleItem().ShouldBeLessThanOrEqualTo(Suspicion.Prior);

    [Fact]
    public void It_is_known_from_the_first_step_that_tells_anything()
    {
        var before = new Suspicion(Workers);
        before.IsKnown.ShouldBeFalse();
        Round(before, new Random(1), static worker => worker % Buffers, static _ => 1, static _ => Loyal).IsKnown.ShouldBeTrue();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Nobody_is_suspect_where_all_are_alike(int seed)
    {
        var suspicion = After(150, seed, static _ => Loyal);
        suspicion.Beliefs.Max().ShouldBeLessThan(Suspicion.Prior, $"seed {seed}");
    }

    /// <summary>The last half are three times as noisy as the first: as where data differ.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Nobody_is_suspect_where_workers_differ_widely(int seed)
    {
        var suspicion = After(150, seed, static worker => random => [.. Honest(random).Select(value => value + (worker * 0.15f * Normal(random)))]);
        suspicion.Beliefs.Max().ShouldBeLessThan(0.5, $"seed {seed}");
    }

    /// <summary>As where the others have only just come: the mean of a buffer with many contributions hardly errs, and the aggregate errs as the others do.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Nobody_is_suspect_for_being_fast(int seed)
    {
        var random = new Random(seed);
        var suspicion = new Suspicion(6);
        for (var step = 0; step < 20; step++)
        {
            suspicion = Round(suspicion, random, static worker => worker % 3, static worker => worker switch { 3 => 100, 4 or 5 => 1, _ => 0 }, static _ => Loyal, buffers: 3);
            suspicion.Beliefs.Max().ShouldBeLessThan(0.5, $"seed {seed}, step {step}");
        }
    }

    /// <summary>
    /// As where a model has learnt all there is: of noise alone many coordinates tell exactly how a buffer lies, and a median lies
    /// nearer to those with many contributions than a mean of the buffers would.
    /// </summary>
    [Theory]
    [InlineData(1, 12, 1)]
    [InlineData(2, 12, 1)]
    [InlineData(3, 12, 1)]
    [InlineData(1, 20, 11)]
    [InlineData(2, 20, 11)]
    [InlineData(3, 20, 11)]
    public void Nobody_is_suspect_for_being_fast_where_gradients_are_noise(int seed, int fastest, int next)
    {
        var random = new Random(seed);
        var suspicion = new Suspicion(8);
        for (var step = 0; step < 60; step++)
        {
            suspicion = Round(suspicion, random, static worker => worker % 5, worker => worker switch { 4 => fastest, 3 => next, _ => 1 }, static _ => static random => Noise(random, 2000), buffers: 5);
            suspicion.Beliefs.Max().ShouldBeLessThan(0.5, $"seed {seed}, step {step}");
        }
    }

    /// <summary>Of few coordinates and few rows a distance is now and then next to nothing.</summary>
    [Theory]
    [InlineData(1, 3)]
    [InlineData(2, 3)]
    [InlineData(3, 3)]
    [InlineData(1, 10)]
    [InlineData(2, 10)]
    [InlineData(3, 10)]
    public void Hardly_anybody_is_ever_suspect_where_a_model_is_tiny(int seed, int dimension)
    {
        var random = new Random(seed);
        var suspicion = new Suspicion(6);
        List<double> highest = [];
        for (var step = 0; step < 300; step++)
        {
            suspicion = Round(suspicion, random, static worker => worker % 3, _ => Sometimes(random), _ => random => Honest(random, dimension), buffers: 3);
            highest.Add(suspicion.Beliefs.Max());
        }

        highest.Count(static belief => belief > Sure).ShouldBeLessThanOrEqualTo(3, $"seed {seed}");
        highest.Count(static belief => belief > 0.5).ShouldBeLessThanOrEqualTo(15, $"seed {seed}");
    }

    public static TheoryData<string, int, bool> Attacks
    {
        get
        {
            var attacks = new TheoryData<string, int, bool>();
            foreach (var attack in (string[])["negated", "noisy"])
                foreach (var seed in (int[])[1, 2, 3])
                    foreach (var reshuffle in (bool[])[false, true]) attacks.Add(attack, seed, reshuffle);
            return attacks;
        }
    }

    [Theory, MemberData(nameof(Attacks))]
    public void Who_sends_what_others_do_not_is_found_and_who_shares_a_buffer_with_him_is_not(string attack, int seed, bool reshuffle)
    {
        var suspicion = After(60, seed, worker => worker is 10 or 11 ? attack == "noisy" ? Noisy : Negated : Loyal, reshuffle);
        for (var worker = 0; worker < Workers; worker++)
        {
            if (worker >= 10) suspicion.Beliefs[worker].ShouldBeGreaterThan(Sure, $"worker {worker}, seed {seed}");
            else suspicion.Beliefs[worker].ShouldBeLessThan(0.5, $"worker {worker}, seed {seed}");
        }
    }

    /// <summary>All its vectors point a little further along one side than the others' mean, and are short: nothing about their distance is loud.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Who_always_leans_to_one_side_is_found_though_he_is_nearer_than_others(int seed)
    {
        var lie = new float[Dimension];
        Array.Fill(lie, 3 / MathF.Sqrt(Dimension));
        var suspicion = After(200, seed, worker => worker is 10 or 11 ? _ => lie : Loyal, reshuffle: true);
        suspicion.Beliefs.Take(10).Max().ShouldBeLessThan(0.5, $"seed {seed}");
        suspicion.Beliefs.Skip(10).Min().ShouldBeGreaterThan(Sure, $"seed {seed}");
    }

    [Fact]
    public void Two_that_always_send_to_one_buffer_together_are_suspect_together_until_they_are_dealt_anew()
    {
        var random = new Random(5);
        var suspicion = new Suspicion(Workers);
        for (var step = 0; step < 40; step++) suspicion = Round(suspicion, random, worker => worker % Buffers, static _ => 1, Attacker);
        suspicion.Beliefs[5].ShouldBeGreaterThan(Sure);
        suspicion.Beliefs[11].ShouldBeGreaterThan(Sure);

        var routing = Mapping.Initial(Workers, Buffers);
        for (var step = 0; step < 20; step++)
        {
            routing = Mapping.Reshuffle(routing, Enumerable.Range(0, Workers).ToHashSet(), seed: 1)!;
            suspicion = Round(suspicion, random, worker => routing.BufferOf[worker], static _ => 1, Attacker);
        }

        suspicion.Beliefs[5].ShouldBeLessThan(0.5);
        suspicion.Beliefs[11].ShouldBeGreaterThan(Sure);

        static Func<Random, float[]> Attacker(int worker) => worker == 11 ? Negated : Loyal;
    }

    [Fact]
    public void Who_turns_is_seen_within_some_rounds_and_who_mends_is_cleared()
    {
        var random = new Random(6);
        var suspicion = new Suspicion(Workers);
        void Rounds(int count, Func<Random, float[]> ofTheLast)
        {
            for (var step = 0; step < count; step++) suspicion = Round(suspicion, random, static worker => worker % Buffers, _ => Sometimes(random), worker => worker == 11 ? ofTheLast : Loyal);
        }

        Rounds(300, Loyal);
        suspicion.Beliefs[11].ShouldBeLessThan(Suspicion.Prior);
        Rounds(30, Negated);
        suspicion.Beliefs[11].ShouldBeGreaterThan(Sure);
        Rounds(60, Loyal);
        suspicion.Beliefs[11].ShouldBeLessThan(0.5);
    }

    /// <summary>As where a model has learnt all but a few examples: a gradient is long now and then, whoever sends it.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void One_loud_gradient_condemns_nobody_and_a_second_does(int seed)
    {
        var random = new Random(seed);
        var suspicion = new Suspicion(6);
        Rounds(100, Loyal);
        Rounds(1, Negated).ShouldBeLessThan(0.5, $"seed {seed}");
        Rounds(1, Loyal).ShouldBeLessThan(0.5, $"seed {seed}");
        Rounds(1, Negated).ShouldBeLessThan(0.5, $"seed {seed}");
        Rounds(1, Negated).ShouldBeGreaterThan(Sure, $"seed {seed}");

        double Rounds(int count, Func<Random, float[]> ofTheLast)
        {
            for (var step = 0; step < count; step++) suspicion = Round(suspicion, random, static worker => worker, static _ => 1, worker => worker == 5 ? ofTheLast : Loyal);
            return suspicion.Beliefs[5];
        }
    }

    [Fact]
    public void A_worker_may_be_forgotten_and_nothing_else_with_him()
    {
        var before = After(60, 1, static worker => worker == 11 ? Negated : Loyal);
        var after = before.Without(11);
        after.Beliefs[11].ShouldBeLessThan(0.5);
        after.Beliefs.Take(11).ShouldBe(before.Beliefs.Take(11), 0.02);
        before.Beliefs[11].ShouldBeGreaterThan(Sure);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(1)]
    public void Fewer_than_three_buffers_tell_nothing(int buffers)
    {
        var before = new Suspicion(Workers);
        Round(before, new Random(1), worker => worker % buffers, static _ => 1, static _ => Loyal, buffers).ShouldBeSameAs(before);
    }

    /// <summary>A rule such as Krum takes a buffer for its aggregate: that one has no distance, and the others tell what they tell.</summary>
    [Fact]
    public void A_buffer_that_is_the_aggregate_tells_nothing()
    {
        IReadOnlyList<IReadOnlyList<Contribution>> contributions = [.. Enumerable.Range(0, 4).Select(static b => (IReadOnlyList<Contribution>)[new Contribution(b, 0)])];
        var rows = Enumerable.Range(0, 4).Select(static b => new ReadOnlyMemory<float>([b, 1])).ToArray();
        var spread = new Spread(4, 1);
        spread.Measure(rows, rows[0]);
        Pool.Of(contributions, spread).Select(static pool => pool.Shares[0].Worker).ShouldBe([1, 2, 3]);
    }

    [Theory]
    [InlineData(float.MaxValue)]
    [InlineData(1e-30f)]
    public void Beliefs_are_numbers_however_long_a_gradient_is(float length)
    {
        var suspicion = After(30, 1, worker => worker == 11 ? _ => [.. Enumerable.Repeat(length, Dimension)] : Loyal);
        suspicion.Beliefs.ShouldAllBe(static belief => belief >= 0 && belief <= 1);
        suspicion.Power.Means.ShouldAllBe(static mean => double.IsFinite(mean));
    }

    [Fact]
    public void The_order_of_the_buffers_does_not_matter()
    {
        IReadOnlyList<IReadOnlyList<Contribution>> contributions = [.. Enumerable.Range(0, 4).Select(static b => (IReadOnlyList<Contribution>)[new Contribution(b, 0), new Contribution(b + 4, 0)])];
        var random = new Random(3);
        var rows = Enumerable.Range(0, 4).Select(_ => new ReadOnlyMemory<float>(Honest(random))).ToArray();
        Suspicion Learn(int[] order)
        {
            var spread = new Spread(4, 1);
            spread.Measure([.. order.Select(b => rows[b])], new float[Dimension]);
            return new Suspicion(8).Learn([.. order.Select(b => contributions[b])], spread);
        }

        Learn([0, 1, 2, 3]).Beliefs.ShouldBe(Learn([3, 1, 0, 2]).Beliefs);
    }

    /// <summary>Rounds in which each worker sends with probability 0.6, and everybody where a buffer would be empty.</summary>
    private static Suspicion After(int rounds, int seed, Func<int, Func<Random, float[]>> gradientOf, bool reshuffle = false)
    {
        var random = new Random(seed);
        var suspicion = new Suspicion(Workers);
        var routing = Mapping.Initial(Workers, Buffers);
        for (var step = 0; step < rounds; step++)
        {
            if (reshuffle && step % 10 == 9) routing = Mapping.Reshuffle(routing, Enumerable.Range(0, Workers).ToHashSet(), (ulong)seed)!;
            suspicion = Round(suspicion, random, worker => routing.BufferOf[worker], _ => Sometimes(random), gradientOf);
        }

        return suspicion;
    }

    private static Suspicion Round(Suspicion suspicion, Random random, Func<int, int> bufferOf, Func<int, int> sends, Func<int, Func<Random, float[]>> gradientOf, int buffers = Buffers)
    {
        List<Contribution>[] contributions = [.. Enumerable.Range(0, buffers).Select(static _ => new List<Contribution>())];
        var rows = new float[buffers][];
        for (var b = 0; b < buffers; b++)
        {
            int[] mapped = [.. Enumerable.Range(0, suspicion.Beliefs.Count).Where(worker => bufferOf(worker) == b)];
            int[] senders = [.. mapped.SelectMany(worker => Enumerable.Repeat(worker, sends(worker)))];
            if (senders.Length == 0) senders = mapped;
            contributions[b].AddRange(senders.Select(static worker => new Contribution(worker, 0)));
            float[][] gradients = [.. senders.Select(worker => gradientOf(worker)(random))];
            rows[b] = [.. Enumerable.Range(0, gradients[0].Length).Select(i => gradients.Average(gradient => gradient[i]))];
        }

        float[] median = [.. Enumerable.Range(0, rows[0].Length).Select(i => rows.Select(row => row[i]).Order().ElementAt(buffers / 2))];
        var spread = new Spread(buffers, 1);
        spread.Measure([.. rows.Select(static row => new ReadOnlyMemory<float>(row))], median);
        return suspicion.Learn(contributions, spread);
    }

    private static int Sometimes(Random random) => random.NextDouble() < 0.6 ? 1 : 0;

    private static float[] Honest(Random random, int dimension = Dimension)
    {
        var gradient = new float[dimension];
        for (var i = 0; i < dimension; i++) gradient[i] = (1 / MathF.Sqrt(dimension)) + (0.4f * Normal(random));
        return gradient;
    }

    private static float[] Noise(Random random, int dimension)
    {
        var gradient = new float[dimension];
        for (var i = 0; i < dimension; i++) gradient[i] = Normal(random);
        return gradient;
    }

    private static float Normal(Random random) => (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(Math.Tau * random.NextDouble()));
}
