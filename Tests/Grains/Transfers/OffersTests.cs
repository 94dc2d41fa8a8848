using System.Net;
using Basgd.Aggregation.Memory;
using Basgd.Contracts;
using Microsoft.Extensions.Time.Testing;

namespace Basgd.Grains.Tests.Transfers;

public sealed class OffersTests
{
    private const int Length = 4 * VectorOffer.SliceLength;

    [Fact]
    public void A_reader_that_trickles_is_given_up_though_it_is_never_silent()
    {
        var time = new FakeTimeProvider();
        var offers = new VectorOffers(new Here(), time);
        var ended = 0;
        var offer = offers.Answer(ParameterVector.Zeros(Length), () => ended++).Offer!;

        for (var spent = TimeSpan.Zero; spent < Pace.For(Length); spent += TimeSpan.FromSeconds(1))
        {
            offers.Read(offer.Id, 0, 1).ShouldNotBeNull().Return();
            time.Advance(TimeSpan.FromSeconds(1));
        }

        offers.Read(offer.Id, 0, 1).ShouldBeNull();
        (offers.Count, ended).ShouldBe((0, 1));
    }

    private sealed class Here : ILocalSiloDetails
    {
        public string Name => "here";

        public string ClusterId => "";

        public string DnsHostName => "";

        public SiloAddress SiloAddress { get; } = SiloAddress.New(IPAddress.Loopback, 9, 1);

        public SiloAddress GatewayAddress => SiloAddress;
    }
}
