using Basgd.Client.Clusters;
using Basgd.Client.Tests.Fakes;

namespace Basgd.Client.Tests.Clusters;

public sealed class AddressTests
{
    [Theory]
    [InlineData("localhost:30000", "localhost", 30000)]
    [InlineData("10.0.0.1:1", "10.0.0.1", 1)]
    [InlineData("[::1]:65535", "::1", 65535)]
    public void An_address_is_host_and_port(string address, string host, int port) => ClusterTarget.Split(address).ShouldBe((host, port));

    [Theory]
    [InlineData("localhost")]
    [InlineData(":30000")]
    [InlineData("localhost:65536")]
    [InlineData("localhost:-1")]
    [InlineData("postgres://host:5432")]
    public void Anything_else_is_refused(string address) =>
        Should.Throw<UsageException>(() => ClusterTarget.Split(address)).Message.ShouldStartWith($"cluster = {address}: must be HOST:PORT");

    [Theory]
    [InlineData("""{"pid":12,"gateway":30000,"page":null}""", 30000)]
    [InlineData("""{"pid":12,"gateway":0}""", null)]
    [InlineData("not json", null)]
    [InlineData("""{"pid":12,"gateway":""", null)]
    public void An_announcement_is_read_or_ignored(string json, int? gateway) => SiloAnnouncement.Parse(json)?.Gateway.ShouldBe(gateway!.Value);

    [Fact]
    public async Task What_a_killed_silo_left_behind_is_no_silo()
    {
        using var folder = new TemporaryFolder();
        folder.Write("silo.json", """{"pid":2147483646,"gateway":30000}""");
        (await SiloAnnouncement.FindLive(folder.File(""), CancellationToken.None)).ShouldBeNull();
    }

    [Fact]
    public void A_missing_silo_is_told_with_the_places_looked_at()
    {
        using var folder = new TemporaryFolder();
        var home = folder.File("Client/bin/Release/net10.0/");
        var message = Should.Throw<ClusterException>(() => SiloBinary.Find(null, home)).Message;
        message.ShouldContain(folder.File("Silo/bin/Release/net10.0/Basgd.Silo.dll"));
        message.ShouldContain("BASGD_SILO");
        Should.Throw<ClusterException>(() => SiloBinary.Find("/no/such/silo.dll", home)).Message.ShouldContain("/no/such/silo.dll");
    }
}
