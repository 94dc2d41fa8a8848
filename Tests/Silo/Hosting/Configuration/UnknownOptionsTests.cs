using Basgd.Grains.Hosting;
using Basgd.Silo.Hosting;
using Basgd.Silo.Hosting.Configuration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Basgd.Silo.Tests.Hosting.Configuration;

/// <summary>A mistyped name from any source is refused: a silo that takes no notice of it starts without what was asked for.</summary>
public sealed class UnknownOptionsTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Theory]
    [InlineData("Basgd:Access:ActTokn", "Basgd:Access:ActTokn: unknown option; the nearest known one is Basgd:Access:ActToken")]
    [InlineData("BASGD:WORKER:SLOTZ", "BASGD:WORKER:SLOTZ: unknown option; the nearest known one is Basgd:Worker:Slots")]
    [InlineData("Basgd:Silo", "Basgd:Silo: unknown option; the nearest known one is Basgd:Silo:Role")]
    [InlineData("Basgd:Silo:Role:Name", "Basgd:Silo:Role:Name: unknown option; the nearest known one is Basgd:Silo:Role")]
    [InlineData("Basgd:Strorage:Redis:Connection", "Basgd:Strorage:Redis:Connection: unknown option; the nearest known one is Basgd:Storage:Redis:Connection")]
    [InlineData("Bagsd:Access:ActToken", "Bagsd:Access:ActToken: unknown option; the nearest known one is Basgd:Access:ActToken")]
    [InlineData("Access:ActToken", "Access:ActToken: unknown option; the nearest known one is Basgd:Access:ActToken")]
    [InlineData("BASGD_ACCESS_ACTTOKEN", "BASGD_ACCESS_ACTTOKEN: unknown option; as an environment variable the nearest known one is Basgd__Access__ActToken")]
    [InlineData("Basgd_Access_ActToken", "Basgd_Access_ActToken: unknown option; as an environment variable the nearest known one is Basgd__Access__ActToken")]
    [InlineData("BASGD_DTAA", "BASGD_DTAA: unknown environment variable; the nearest known one is BASGD_DATA")]
    public void A_mistyped_name_is_refused_with_the_nearest_one_and_without_its_value(string name, string problem) => Refused(name).ShouldBe([problem]);

    [Theory]
    [InlineData("Basgd:Access:ActToken")]
    [InlineData("basgd:access:acttoken")]
    [InlineData("BASGD_TOKEN")]
    [InlineData("BASGD_PAGE_TOKEN")]
    [InlineData("BASGD_SERVER_SERVICE_HOST")]
    [InlineData("BASGD_PORT_30000_TCP_ADDR")]
    [InlineData("BASGD_PORT")]
    [InlineData("Logging:LogLevel:Default")]
    [InlineData("PATH")]
    public void A_name_of_ours_or_of_another_program_is_let_be(string name) => Refused(name).ShouldBeEmpty();

    [Theory]
    [InlineData("Basgd:Sample:Tokens:0")]
    [InlineData("Basgd:Sample:Tokens:1")]
    [InlineData("Basgd:Sample:Headers:X-Name")]
    public void Lists_and_dictionaries_are_known_by_their_items(string name) =>
        UnknownOptions.Refuse(Holding(name), new OptionCatalog([typeof(SampleOptions)], new Dictionary<string, string>())).ShouldBeEmpty();

    [Fact]
    public void All_that_is_wrong_is_said_at_once_and_nothing_is_made()
    {
        var refused = Should.Throw<OptionsValidationException>(() => SiloHost.Build(["--state", directory.Path, "--slotz", "5", "--Basgd:Access:ActTokn=sesame", "--lanes", "-1"]));
        refused.Failures.ShouldBe(
            [
                "--slotz: unknown option; the nearest known one is --slots",
                "--Basgd:Access:ActTokn: unknown option; the nearest known one is Basgd:Access:ActToken",
                "Basgd:Worker:Lanes = -1: must be 0 … 1024",
            ],
            ignoreOrder: true);
        Directory.EnumerateFileSystemEntries(directory.Path).ShouldBeEmpty();
    }

    [Fact]
    public void A_host_that_only_starts_a_silo_refuses_to_be_asked_for_a_check() =>
        Should.Throw<OptionsValidationException>(() => SiloHost.Build(["--state", directory.Path, "--check"])).Failures.ShouldHaveSingleItem().ShouldStartWith("--check: this host only starts a silo");

    private static IEnumerable<string> Refused(string name) => UnknownOptions.Refuse(Holding(name), OptionCatalog.Silo);

    private static IConfiguration Holding(string name) => new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create(name, (string?)"sesame")]).Build();

    [OptionsSection("Basgd:Sample")]
    private sealed class SampleOptions
    {
        public IList<string> Tokens { get; set; } = [];

        public IDictionary<string, string> Headers { get; set; } = new Dictionary<string, string>();
    }
}
