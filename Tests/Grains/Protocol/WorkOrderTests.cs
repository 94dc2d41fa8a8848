using Basgd.Contracts;

namespace Basgd.Grains.Tests.Protocol;

public sealed class WorkOrderTests
{
    private static readonly WorkOrder Order = new(Worker: 2, Sequence: 7, TakeAtLeast: new ModelVersion(1, 30), MinMappingEpoch: 4);

    [Theory]
    [InlineData(null, 8)]
    [InlineData(Refusal.NotFinite, 8)]
    [InlineData(Refusal.Duplicate, 21)]
    [InlineData(Refusal.TooStale, 7)]
    [InlineData(Refusal.TooMany, 7)]
    public void The_next_number_is_the_one_that_the_buffer_lacks(Refusal? refusal, long next) =>
        Order.Next(Answer(refusal, 31, last: 20), mappingEpoch: 4).Sequence.ShouldBe(next);

    [Theory]
    [InlineData(null, 31, 31)]
    [InlineData(null, 29, 30)]
    [InlineData(Refusal.TooStale, 29, 30)]
    [InlineData(Refusal.ImplausibleVersion, 29, 29)]
    public void It_waits_for_the_newest_model_it_heard_of_unless_there_is_none_as_new(Refusal? refusal, long said, long next) =>
        Order.Next(Answer(refusal, said), mappingEpoch: 4).TakeAtLeast.ShouldBe(new ModelVersion(1, next));

    [Theory]
    [InlineData(null, 4)]
    [InlineData(Refusal.WrongBuffer, 6)]
    public void It_asks_for_a_newer_routing_than_the_one_that_led_to_the_wrong_buffer(Refusal? refusal, int next) =>
        Order.Next(Answer(refusal, 31), mappingEpoch: 5).MinMappingEpoch.ShouldBe(next);

    private static SubmitResult Answer(Refusal? refusal, long step, long last = 6) => new(refusal, new ModelVersion(1, step), last);
}
