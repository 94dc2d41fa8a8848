using Basgd.Aggregation.Memory;
using Basgd.Contracts;

namespace Basgd.Grains.Tests.Transfers;

/// <summary>Ten thousand messages that nobody honest would send.</summary>
[Trait("category", "slow")]
public sealed class HostileSenderTests(ITestOutputHelper output)
{
    private const int Messages = 10_000;
    private const int Dimension = 100;
    private static readonly SiloAddress Nowhere = SiloAddress.New(System.Net.IPAddress.Loopback, 9, 1);

    [Fact]
    public async Task They_are_all_answered_and_counted_and_change_nothing()
    {
        const int Seed = 20_240;
        output.WriteLine($"seed {Seed}");
        var random = new Random(Seed);
        await using var cluster = await Cluster.Start(Dimension, 3);
        var buffer = cluster.Buffer(0);
        var right = ParameterVector.CopyOf([.. Enumerable.Range(0, Dimension).Select(static i => (float)i)]);
        (await buffer.Submit(new Submission(0, 7, 0, default, 0.5, right))).Refusal.ShouldBeNull();

        Dictionary<Refusal, long> answered = [];
        foreach (var some in Enumerable.Range(0, Messages).Chunk(50))
        {
            foreach (var result in await Task.WhenAll(some.Select(_ => Send(cluster, buffer, right, random))))
            {
                var reason = result.Refusal.ShouldNotBeNull("nothing of this may be taken in");
                answered[reason] = answered.GetValueOrDefault(reason) + 1;
            }
        }

        answered.Values.Sum().ShouldBe(Messages);
        answered.Keys.ShouldBe(
            [
                Refusal.WrongSize, Refusal.WrongBuffer, Refusal.Duplicate, Refusal.ImplausibleVersion, Refusal.NotFinite, Refusal.TooMany, Refusal.NotDelivered,
                Refusal.Busy, Refusal.Closed,
            ],
            ignoreOrder: true);
        var report = await buffer.GetReport();
        var closed = (await cluster.Buffer(0, "no such job").GetReport()).Refused;
        report.Refused.Concat(closed).OrderBy(static entry => entry.Key).ShouldBe(answered.OrderBy(static entry => entry.Key));
        report.Filled.ShouldBe(1);
        var seal = (await buffer.Seal(default, 0))!;
        seal.Mean.Span.SequenceEqual(right.Span).ShouldBeTrue();
        seal.Contributions.Select(static contribution => contribution.Sequence).ShouldBe([7]);
        seal.MeanLoss.ShouldBe(0.5);
        cluster.Offers.Count.ShouldBe(0);
    }

    /// <summary>One thing is wrong, and the rest as right as can be.</summary>
    private static Task<SubmitResult> Send(Cluster cluster, IBufferGrain buffer, ParameterVector gradient, Random random)
    {
        var message = new Submission(0, 8 + random.Next(1_000), 0, default, random.NextDouble(), gradient);
        var far = random.NextInt64(1, long.MaxValue);
        return random.Next(16) switch
        {
            0 => buffer.Submit(message with { Gradient = Filled(random.Next(Dimension), 1) }),
            1 => buffer.Submit(message with { Gradient = Filled(Dimension + 1 + random.Next(Dimension), 1) }),
            2 => buffer.Submit(message with { Gradient = null }),
            3 => buffer.Submit(message with { Gradient = Filled(Dimension, float.NaN) }),
            4 => buffer.Submit(message with { Gradient = Filled(Dimension, float.NegativeInfinity) }),
            5 => buffer.Submit(message with { Worker = random.Next(1, 100) }),
            6 => buffer.Submit(message with { Worker = -1 - random.Next(int.MaxValue) }),
            7 => buffer.Submit(message with { Sequence = 7 - random.Next(100) }),
            8 => buffer.Submit(message with { Sequence = -far }),
            9 => buffer.Submit(message with { Version = new ModelVersion(0, far) }),
            10 => buffer.Submit(message with { Version = new ModelVersion(random.Next(1, 9), 0) }),
            11 => buffer.Submit(message with { MappingEpoch = random.Next(1, int.MaxValue) }),
            12 => cluster.Buffer(0, "no such job").Submit(message),
            13 => buffer.SubmitOffer(message with { Gradient = null }, new VectorOffer(Nowhere, Guid.NewGuid(), random.Next(int.MinValue, int.MaxValue) | 1_024)),
            14 => buffer.SubmitOffer(message with { Gradient = null, Worker = 2 }, new VectorOffer(Nowhere, Guid.NewGuid(), Dimension)),
            _ => Undeliverable(cluster, buffer, message with { Gradient = null }, random),
        };
    }

    private static async Task<SubmitResult> Undeliverable(Cluster cluster, IBufferGrain buffer, Submission message, Random random)
    {
        var offered = Filled(1 + random.Next(Dimension - 1), 1);
        var offer = cluster.Offers.Put(offered);
        offered.Return();
        try
        {
            return await buffer.SubmitOffer(message, random.Next(3) switch
            {
                0 => offer with { Length = Dimension },
                1 => offer with { Length = Dimension, Id = Guid.NewGuid() },
                _ => offer with { Length = Dimension, Silo = Nowhere },
            });
        }
        finally
        {
            cluster.Offers.Withdraw(offer.Id);
        }
    }

    private static ParameterVector Filled(int length, float value)
    {
        var vector = ParameterVector.Zeros(length);
        if (length > 0) vector.Span[^1] = value;
        return vector;
    }
}
