using Basgd.Protocol;
using CsCheck;

namespace Basgd.Grains.Tests.Protocol;

public sealed class MappingTests
{
    private static readonly Gen<(int Workers, int Buffers, HashSet<int> Active)> Cases =
        from workers in Gen.Int[1, 40]
        from buffers in Gen.Int[1, workers]
        from active in Gen.Bool.Array[workers]
        select (workers, buffers, active.Index().Where(static entry => entry.Item).Select(static entry => entry.Index).ToHashSet());

    [Fact]
    public void Starts_as_in_the_paper()
    {
        var routing = Mapping.Initial(5, 2);
        routing.MappingEpoch.ShouldBe(0);
        routing.BufferOf.ShouldBe([0, 1, 0, 1, 0]);
    }

    [Fact]
    public void Reassignment_gives_every_buffer_its_fair_number_of_active_workers_or_is_impossible() =>
        Cases.Sample(static (workers, buffers, active) =>
        {
            var before = Mapping.Initial(workers, buffers) with { MappingEpoch = 6 };
            var after = Mapping.Reassign(before, active, buffers);
            if (active.Count < buffers)
            {
                after.ShouldBeNull();
                return;
            }

            after!.MappingEpoch.ShouldBe(7);
            after.BufferOf.Count.ShouldBe(workers);
            after.BufferOf.ShouldAllBe(b => b >= 0 && b < buffers);
            var perBuffer = Enumerable.Range(0, buffers).Select(b => active.Count(worker => after.BufferOf[worker] == b)).ToArray();
            perBuffer.Min().ShouldBeGreaterThanOrEqualTo(1);
            (perBuffer.Max() - perBuffer.Min()).ShouldBeLessThanOrEqualTo(1);
            Mapping.Reassign(before, active.Reverse().ToHashSet(), buffers)!.BufferOf.ShouldBe(after.BufferOf);
        });
}
