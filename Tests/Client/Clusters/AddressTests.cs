using Basgd.Client.Clusters;
using Basgd.Client.Tests.Fakes;
using Basgd.Contracts;
using Basgd.Contracts.Attaching;

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
    [InlineData("mysql://host:5432")]
    public void Anything_else_is_refused(string address) =>
        Should.Throw<UsageException>(() => ClusterTarget.Check(address)).Message.ShouldStartWith($"cluster = {address}: must be redis://…, postgres://… or HOST:PORT");

    [Theory]
    [InlineData("redis://host", "host:6379")]
    [InlineData("redis://:secret@host:6380", "host:6380,password=secret")]
    [InlineData("rediss://user:p%40ss@host/3", "host:6379,user=user,password=p@ss,defaultDatabase=3,ssl=true")]
    [InlineData("host:1,password=x", "host:1,password=x")]
    public void A_redis_address_becomes_what_its_client_reads(string address, string read) => ClusterAddress.Redis(address).ShouldBe(read);

    [Theory]
    [InlineData("postgres://host", "Host=\"host\";Port=\"5432\"")]
    [InlineData("postgresql://user:p%22;@host:1/db?Ssl%20Mode=Require", "Host=\"host\";Port=\"1\";Username=\"user\";Password=\"p\"\";\";Database=\"db\";Ssl Mode=\"Require\"")]
    [InlineData("Host=a", "Host=a")]
    public void A_postgres_address_becomes_what_its_client_reads(string address, string read) => ClusterAddress.Postgres(address).ShouldBe(read);

    [Theory]
    [InlineData("redis://user:secret@host/words", "cluster = redis://user:***@host/words: must name the database by a number")]
    [InlineData("redis://user:sec,ret@host", "cluster = redis://user:***@host: must have no comma in user and password")]
    [InlineData("postgres://user:secret@", "cluster = postgres://user:***@: must be SCHEME://USER:PASSWORD@HOST:PORT/DATABASE")]
    public void A_wrong_address_is_refused_without_its_password(string address, string message) =>
        Should.Throw<UsageException>(() => ClusterTarget.Check(address)).Message.ShouldBe(message);

    [Theory]
    [InlineData("redis://:secret@host", " --cluster \"$BASGD_CLUSTER\"")]
    [InlineData("postgres://user@host", " --cluster postgres://user@host")]
    public void Hints_do_not_repeat_a_password(string address, string arguments) => new ClusterTarget(address, "state", null).Arguments.ShouldBe(arguments);

    [Fact]
    public void Hints_leave_out_an_address_that_the_environment_gives() =>
        new ClusterTarget("redis://:secret@host", "state", null, "other") { IsFromEnvironment = true }.Arguments.ShouldBe(" --cluster-id other");

    [Theory]
    [InlineData("""{"pid":12,"gateway":30000,"page":null}""", 30000)]
    [InlineData("""{"pid":12,"gateway":0}""", null)]
    [InlineData("""{"pid":12,"gateway":30000,"address":"10.0.0.1"}""", 30000)]
    [InlineData("not json", null)]
    [InlineData("""{"pid":12,"gateway":""", null)]
    public void An_announcement_is_read_or_ignored(string json, int? gateway) => SiloAnnouncement.Parse(json)?.Gateway.ShouldBe(gateway!.Value);

    [Fact]
    public void What_a_killed_silo_left_behind_is_no_silo()
    {
        using var folder = new TemporaryFolder();
        folder.Write("silo.json", """{"pid":2147483646,"gateway":30000}""");
        new StateShare(new SharedFolder(folder.File("")), TimeProvider.System).FindLive().ShouldBeNull();
    }

    [Fact]
    public void A_missing_program_is_told_with_the_places_looked_at()
    {
        using var folder = new TemporaryFolder();
        var home = folder.File("Client/bin/Release/net10.0/");
        var message = Should.Throw<FileNotFoundException>(() => SiblingProgram.Silo.Find(null, home)).Message;
        message.ShouldContain(folder.File("Silo/bin/Release/net10.0/Basgd.Silo.dll"));
        message.ShouldContain("BASGD_SILO");
        Should.Throw<FileNotFoundException>(() => SiblingProgram.Silo.Find("/no/such/silo.dll", home)).Message.ShouldContain("/no/such/silo.dll");
    }
}
