using CsCheck;

namespace Basgd.Aggregation.Tests;

public sealed class NamedParametersTests
{
    [Fact]
    public void Reads_name_and_values()
    {
        var parsed = NamedParameters.Parse("  geometric-median ( nu = 1e-3 , T=5 ) ");
        parsed.Name.ShouldBe("geometric-median");
        parsed.Parameters.Keys.ShouldBe(["nu", "T"]);
        parsed.Parameters["nu"].ShouldBe(1e-3);
        parsed.Parameters["T"].ShouldBe(5);
        NamedParameters.Parse("mean").ShouldBe(NamedParameters.Parse("mean()"));
    }

    [Fact]
    public void What_it_writes_it_reads_back() =>
        (from name in Gen.Char['a', 'z'].Array[1, 8]
         from keys in Gen.Char['A', 'Z'].ArrayUnique[0, 5]
         from values in Gen.Double.Where(double.IsFinite).Array[keys.Length]
         select new NamedParameters(new string(name), keys.Zip(values).ToDictionary(static p => p.First.ToString(), static p => p.Second)))
        .Sample(asked =>
        {
            NamedParameters.Parse(asked.ToString()).ShouldBe(asked);
            NamedParameters.Parse(asked.ToString()).GetHashCode().ShouldBe(asked.GetHashCode());
        });

    [Theory]
    [InlineData("")]
    [InlineData("2mean")]
    [InlineData("Mean")]
    [InlineData("krum(f=1")]
    [InlineData("krum(f=1) x")]
    [InlineData("krum(f)")]
    [InlineData("krum(=1)")]
    [InlineData("krum(f=one)")]
    [InlineData("krum(f=NaN)")]
    [InlineData("krum(f=1e999)")]
    [InlineData("krum(f=1, f=2)")]
    [InlineData("krum(f=1,)")]
    public void Refuses_another_form_and_says_what_it_expects(string text)
    {
        Should.Throw<FormatException>(() => NamedParameters.Parse(text)).Message.ShouldContain("name(key=value, ...)");
        NamedParameters.TryParse(text, out var parsed).ShouldBeFalse();
        parsed.ShouldBeNull();
    }
}
