using Basgd.Silo.Hosting.Configuration;

namespace Basgd.Silo.Tests.Hosting.Configuration;

public sealed class SiloArgumentsTests
{
    [Theory]
    [InlineData("--foo 1", "--foo: unknown option; the nearest known one is --role")]
    [InlineData("--foo=1", "--foo: unknown option; the nearest known one is --role")]
    [InlineData("--slotz 5", "--slotz: unknown option; the nearest known one is --slots")]
    [InlineData("--Basgd:Silo:Foo=1", "--Basgd:Silo:Foo: unknown option; the nearest known one is Basgd:Silo:Role")]
    [InlineData("--Basgd:Worker:Slotz 5", "--Basgd:Worker:Slotz: unknown option; the nearest known one is Basgd:Worker:Slots")]
    [InlineData("--Basgd:Worker:Slots:0 5", "--Basgd:Worker:Slots:0: unknown option; the nearest known one is Basgd:Worker:Slots")]
    [InlineData("check", "check: no option; the nearest known one is --check")]
    [InlineData("/slots 5", "/slots: no option; the nearest known one is --slots")]
    [InlineData("--slots", "--slots: must be followed by a value")]
    [InlineData("--slots --check", "--slots: must be followed by a value")]
    [InlineData("--check --probe", "--probe: must not be given with --check")]
    [InlineData("--checked", "--checked: unknown option; the nearest known one is --check")]
    public void What_is_no_option_is_refused_with_the_nearest_one(string line, string problem) =>
        SiloArguments.Parse(line.Split(' ')).Problems[0].ShouldBe(problem);

    [Theory]
    [InlineData("--Basgd:Access:ActTokn sesame")]
    [InlineData("--Basgd:Access:ActTokn=sesame")]
    [InlineData("--Basgd:Access:ActTokn open sesame")]
    [InlineData("--Basgd:Access:ActToken open sesame")]
    [InlineData("--tokn sesame")]
    public void A_refusal_shows_no_value(string line)
    {
        var problems = SiloArguments.Parse(line.Split(' ')).Problems;
        problems.ShouldNotBeEmpty();
        problems.ShouldAllBe(static problem => !problem.Contains("sesame"));
    }

    [Fact]
    public void Options_are_known_by_short_and_by_full_name()
    {
        var parsed = SiloArguments.Parse(["--slots", "-1", "--Basgd:Silo:State=a=b", "--basgd:page:orAnyPort", "--attended", "false", "--Logging:LogLevel:Orleans=Debug", "--check"]);
        parsed.Problems.ShouldBeEmpty();
        parsed.Mode.ShouldBe(SiloArguments.Check);
        parsed.Options.ShouldBe(
            new Dictionary<string, string?>
            {
                ["Basgd:Worker:Slots"] = "-1",
                ["Basgd:Silo:State"] = "a=b",
                ["basgd:page:orAnyPort"] = "true",
                ["Basgd:Silo:Attended"] = "false",
                ["Logging:LogLevel:Orleans"] = "Debug",
            },
            ignoreOrder: true);
    }
}
