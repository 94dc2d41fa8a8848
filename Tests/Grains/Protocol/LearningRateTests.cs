using Basgd.Protocol;

namespace Basgd.Grains.Tests.Protocol;

public sealed class LearningRateTests
{
    [Theory]
    [InlineData(0, 0.1)]
    [InlineData(79.999, 0.1)]
    [InlineData(80, 0.01)]
    [InlineData(119, 0.01)]
    [InlineData(120, 0.001)]
    [InlineData(160, 0.001)]
    public void Decays_at_the_papers_epochs(double epoch, double expected) =>
        LearningRate.At(epoch, 0.1, 0.1, [80, 120]).ShouldBe(expected, 1e-12);

    [Fact]
    public void Stays_where_nothing_decays() => LearningRate.At(1e6, 0.3, 0.1, []).ShouldBe(0.3);
}
