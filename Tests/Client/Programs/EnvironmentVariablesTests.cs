using System.Text.RegularExpressions;
using Basgd.Contracts.Programs;

namespace Basgd.Client.Tests.Programs;

public sealed partial class EnvironmentVariablesTests
{
    [Fact]
    public void Every_variable_that_sources_read_is_known()
    {
        var read =
            from folder in (string[])["Aggregation", "Client", "Experiments", "Grains", "Learning", "Silo", "Simulator"]
            from file in Directory.EnumerateFiles(Repository.PathOf(folder), "*.cs", SearchOption.AllDirectories)
            where !file.Split(Path.DirectorySeparatorChar).Contains("obj")
            from Match name in Name().Matches(File.ReadAllText(file))
            select name.Groups[1].Value;
        read.Distinct().ShouldAllBe(static name => EnvironmentVariables.IsKnown(name));
    }

    [Theory]
    [InlineData("BASGD_TOKN", "BASGD_TOKEN")]
    [InlineData("BASGD_CLSUTER", "BASGD_CLUSTER")]
    [InlineData("basgd_token", "BASGD_TOKEN")]
    [InlineData("BASGD_TLS_CERTIFICAT", "BASGD_TLS_CERTIFICATE")]
    public void A_name_near_a_known_one_is_a_mistake(string name, string nearest) =>
        EnvironmentVariables.Mistyped([name, "PATH"]).ShouldBe([$"{name}: unknown environment variable; the nearest known one is {nearest}"]);

    [Theory]
    [InlineData("BASGD_TOKEN")]
    [InlineData("BASGD_PAGE_TOKEN")]
    [InlineData("BASGD_SERVICE_HOST")]
    [InlineData("BASGD_PORT_30000_TCP_ADDR")]
    [InlineData("BASGD_CAMPAIGN_SEED")]
    [InlineData("TOKEN")]
    public void Other_names_are_let_be(string name) => EnvironmentVariables.Mistyped([name]).ShouldBeEmpty();

    [Theory]
    [InlineData("slots", "slots", 0)]
    [InlineData("Slots", "sLOTS", 0)]
    [InlineData("slotz", "slots", 1)]
    [InlineData("solts", "slots", 1)]
    [InlineData("slot", "slots", 1)]
    [InlineData("", "abc", 3)]
    [InlineData("kitten", "sitting", 3)]
    public void Distance_counts_edits(string one, string other, int edits)
    {
        NearestName.Distance(one, other).ShouldBe(edits);
        NearestName.Distance(other, one).ShouldBe(edits);
    }

    [GeneratedRegex("\"(BASGD_[A-Z_]+[A-Z])\"")]
    private static partial Regex Name();
}
