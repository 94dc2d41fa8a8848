using Basgd.Experiments.Commands;

namespace Basgd.Experiments.Tests;

/// <summary>The paper's orderings, on real images and a real text, each time the tests run.</summary>
public sealed class CiScaleTests
{
    [Fact]
    [Trait("category", "slow")]
    public async Task The_expected_orderings_hold()
    {
        using var folder = new TemporaryFolder();
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await Cli.Run(["experiment", "all", "--scale", "ci", "--out", folder.Path], output, error);
        var unheld = output.ToString().Split('\n').Where(static line => line.StartsWith("NOT HELD", StringComparison.Ordinal));
        unheld.ShouldBeEmpty(error.ToString());
        code.ShouldBe(0, error.ToString());
    }
}
