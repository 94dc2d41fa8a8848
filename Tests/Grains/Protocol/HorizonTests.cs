using Basgd.Contracts;
using Basgd.Protocol;

namespace Basgd.Grains.Tests.Protocol;

public sealed class HorizonTests
{
    private static readonly JobSpec Spec = new() { Batch = 25, LearningRate = 0.2, DecayFactor = 0.5, DecayAtEpochs = [1, 2] };

    [Fact]
    public void An_epoch_is_the_training_set_once_in_applied_gradients() =>
        new Horizon(Spec, TrainingExamples: 1_000).EpochAt(gradientsApplied: 60).ShouldBe(1.5);

    [Theory]
    [InlineData(99, false)]
    [InlineData(100, true)]
    public void Steps_decide_where_they_are_given(long step, bool reached) =>
        new Horizon(Spec with { Steps = 100 }, 1_000).IsReached(step, gradientsApplied: 1_000_000).ShouldBe(reached);

    [Theory]
    [InlineData(119, false)]
    [InlineData(120, true)]
    public void Epochs_decide_where_steps_are_left_out(long gradients, bool reached) =>
        new Horizon(Spec with { Epochs = 3 }, 1_000).IsReached(step: 1_000_000, gradients).ShouldBe(reached);

    [Theory]
    [InlineData(0, 0.2)]
    [InlineData(39, 0.2)]
    [InlineData(40, 0.1)]
    [InlineData(80, 0.05)]
    public void The_learning_rate_decays_at_the_given_epochs(long gradients, double expected) =>
        new Horizon(Spec, 1_000).LearningRateAt(gradients).ShouldBe(expected, 1e-15);
}
