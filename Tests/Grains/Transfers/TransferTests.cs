using Basgd.Aggregation.Memory;
using Basgd.Contracts;
using Microsoft.Extensions.DependencyInjection;

namespace Basgd.Grains.Tests.Transfers;

[Trait("category", "slow")]
public sealed class TransferTests
{
    private const int Dimension = (5 * VectorOffer.SliceLength) + 17;

    [Fact]
    public async Task A_large_gradient_arrives_whole_and_is_acknowledged_once()
    {
        await using var cluster = await Cluster.Start(Dimension, 2);
        using var sent = new Offered(cluster.Offers, Ramp());

        (await cluster.Buffer(0).SubmitOffer(Header(0, 0), sent.Offer)).Refusal.ShouldBeNull();
        var again = await cluster.Buffer(0).SubmitOffer(Header(0, 0), sent.Offer);

        again.Refusal.ShouldBe(Refusal.Duplicate);
        again.LastSequence.ShouldBe(0);
        var seal = await cluster.Server.GetRequiredService<IGrainFactory>().GetGrain<IBufferGrain>(0, Cluster.Job).Seal(default, 0);
        seal!.Mean.Span.SequenceEqual(sent.Vector.Span).ShouldBeTrue();
        seal.Contributions.ShouldBe([new Contribution(0, 0)]);
    }

    [Fact]
    public async Task Inside_a_silo_nothing_is_copied()
    {
        await using var cluster = await Cluster.Start(Dimension, 2);
        var offers = cluster.Server.GetRequiredService<VectorOffers>();
        using var sent = new Offered(offers, Ramp());

        var fetched = await cluster.Server.GetRequiredService<VectorFetcher>().Fetch(sent.Offer);

        fetched!.Span[1] = -7;
        sent.Vector.Span[1].ShouldBe(-7);
        fetched.Return();
    }

    [Fact]
    public async Task A_large_model_is_read_by_another_silo_while_steps_go_on()
    {
        await using var cluster = await Cluster.Start(Dimension, 1);
        var fetcher = cluster.Worker.GetRequiredService<VectorFetcher>();
        var before = (await cluster.Model.GetSnapshot(default))!;
        using var gradient = new Offered(cluster.Offers, ParameterVector.Zeros(Dimension));
        for (var step = 0; step < 5; step++)
        {
            (await cluster.Buffer(0).SubmitOffer(Header(0, step) with { Version = new ModelVersion(0, step) }, gradient.Offer)).Refusal.ShouldBeNull();
            var next = (await cluster.Model.GetSnapshot(new ModelVersion(0, step + 1)))!;
            next.Version.Step.ShouldBe(step + 1);
            (await fetcher.Open(next.Parameters))!.Return();
        }

        var read = await fetcher.Open(before.Parameters);
        read!.Span.SequenceEqual(Ramp().Span).ShouldBeTrue();
        var offers = cluster.Server.GetRequiredService<VectorOffers>();
        SpinWait.SpinUntil(() => offers.Count == 0, VectorOffers.Patience / 2).ShouldBeTrue("a reader that is done says so");
    }

    [Theory]
    [InlineData(10)]
    [InlineData(Dimension)]
    public async Task What_an_answer_held_is_the_receivers_and_can_be_stored_again_and_again(int dimension)
    {
        await using var cluster = await Cluster.Start(dimension, 1);
        var serializer = cluster.Worker.GetRequiredService<Orleans.Serialization.Serializer>();
        foreach (var silo in new[] { cluster.Server, cluster.Worker })
        {
            var answer = await silo.GetRequiredService<IGrainFactory>().GetGrain<IModelGrain>(Cluster.Job).GetSnapshot(default);
            var received = (await silo.GetRequiredService<VectorFetcher>().Open(answer!.Parameters))!;
            for (var i = 0; i < 2; i++) serializer.SerializeToArray(new ModelRecord { Parameters = received }).Length.ShouldBeGreaterThan(sizeof(float) * dimension);
            received.Return();
        }
    }

    [Fact]
    public async Task What_is_offered_wrongly_is_refused_with_its_reason_and_changes_nothing()
    {
        await using var cluster = await Cluster.Start(Dimension, 2);
        using var right = new Offered(cluster.Offers, Ramp());
        using var small = new Offered(cluster.Offers, ParameterVector.Zeros(Dimension - 1));
        var buffer = cluster.Buffer(0);

        (await buffer.SubmitOffer(Header(0, 0), small.Offer)).Refusal.ShouldBe(Refusal.WrongSize);
        (await buffer.SubmitOffer(Header(0, 0), small.Offer with { Length = Dimension })).Refusal.ShouldBe(Refusal.NotDelivered);
        (await buffer.SubmitOffer(Header(0, 0), right.Offer with { Length = int.MaxValue })).Refusal.ShouldBe(Refusal.WrongSize);
        (await buffer.SubmitOffer(Header(0, 0), right.Offer with { Id = Guid.NewGuid() })).Refusal.ShouldBe(Refusal.NotDelivered);
        (await buffer.SubmitOffer(Header(0, 0), right.Offer with { Silo = SiloAddress.New(System.Net.IPAddress.Loopback, 9, 1) })).Refusal.ShouldBe(Refusal.NotDelivered);
        (await buffer.SubmitOffer(Header(1, 0), right.Offer)).Refusal.ShouldBe(Refusal.WrongBuffer);
        (await cluster.Buffer(0, "no such job").SubmitOffer(Header(0, 0), right.Offer)).Refusal.ShouldBe(Refusal.Closed);

        var report = await buffer.GetReport();
        report.Filled.ShouldBe(0);
        report.Refused.ShouldBe(new Dictionary<Refusal, long> { [Refusal.WrongSize] = 2, [Refusal.NotDelivered] = 3, [Refusal.WrongBuffer] = 1 }, ignoreOrder: true);
        (await buffer.SubmitOffer(Header(0, 0), right.Offer)).Refusal.ShouldBeNull();
    }

    [Fact]
    public async Task A_sender_that_dies_is_given_up_and_blocks_nobody()
    {
        await using var cluster = await Cluster.Start(Dimension, 2);
        var lost = cluster.Offers.Put(Ramp());
        var buffer = cluster.Server.GetRequiredService<IGrainFactory>().GetGrain<IBufferGrain>(0, Cluster.Job);
        await cluster.KillWorker();

        (await buffer.SubmitOffer(Header(0, 0), lost)).Refusal.ShouldBe(Refusal.NotDelivered);

        using var other = new Offered(cluster.Server.GetRequiredService<VectorOffers>(), Ramp());
        (await buffer.SubmitOffer(Header(0, 0), other.Offer)).Refusal.ShouldBeNull();
    }

    private static ParameterVector Ramp() => ParameterVector.CopyOf([.. Enumerable.Range(0, Dimension).Select(static i => (float)i)]);

    private static Submission Header(int worker, long sequence) => new(worker, sequence, 0, default, 0, null);

    private sealed class Offered(VectorOffers offers, ParameterVector vector) : IDisposable
    {
        public ParameterVector Vector => vector;

        public VectorOffer Offer { get; } = offers.Put(vector);

        public void Dispose() => offers.Withdraw(Offer.Id);
    }
}
