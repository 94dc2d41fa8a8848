using Basgd.Contracts;
using Basgd.Protocol;
using CsCheck;

namespace Basgd.Grains.Tests.Protocol;

public sealed class BufferMeanTests
{
    private static readonly Gen<(int Worker, float Value)[]> Rounds = Gen.Select(Gen.Int[0, 4], Gen.Float[-100, 100]).Array[1, 30];

    [Fact]
    public void Workers_weighed_equally_give_the_mean_of_their_means() =>
        Rounds.Sample(static round =>
        {
            var mean = new BufferMean();
            foreach (var (worker, value) in round) mean.TryAdd(worker, [value, -value]).ShouldBeTrue();
            mean.Means.Keys.ShouldBe(round.Select(static g => g.Worker).Distinct(), ignoreOrder: true);

            var h = mean.Close();
            var expected = round.GroupBy(static g => g.Worker).Average(static worker => worker.Average(static g => (double)g.Value));
            ((double)h.Span[0]).ShouldBe(expected, 1e-3);
            ((double)h.Span[1]).ShouldBe(-expected, 1e-3);
        });

    [Fact]
    public void Everyone_together_gives_the_plain_mean() =>
        Rounds.Sample(static round =>
        {
            var mean = new BufferMean();
            foreach (var (_, value) in round) mean.TryAdd(BufferMean.Everyone, [value]).ShouldBeTrue();
            ((double)mean.Close().Span[0]).ShouldBe(round.Average(static g => (double)g.Value), 1e-3);
        });

    [Fact]
    public void It_does_not_matter_which_worker_is_first() =>
        Gen.Select(Rounds, Gen.Int[0, 1000]).Sample(static (round, seed) =>
        {
            var (straight, mixed) = (new BufferMean(), new BufferMean());
            foreach (var (worker, value) in round) straight.TryAdd(worker, [value]).ShouldBeTrue();

            // Each worker's gradients stay in their order.
            var random = new Random(seed);
            var queues = round.GroupBy(static g => g.Worker).Select(static g => new Queue<(int Worker, float Value)>(g)).ToList();
            while (queues.Count > 0)
            {
                var queue = queues[random.Next(queues.Count)];
                var (worker, value) = queue.Dequeue();
                mixed.TryAdd(worker, [value]).ShouldBeTrue();
                if (queue.Count == 0) queues.Remove(queue);
            }

            mixed.Close().Span[0].ShouldBe(straight.Close().Span[0]);
        });

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_buffer_that_comes_back_goes_on_as_if_it_had_not_been_away(bool equally) =>
        Gen.Select(Rounds, Gen.Int[0, 30]).Sample((round, storedAfter) =>
        {
            var opening = Given.Opening(lastApplied: Enumerable.Range(0, 5).ToDictionary(static worker => worker, static _ => -1L), equally: equally);
            var (straight, interrupted) = (Given.Buffer(opening), Given.Buffer(opening));
            for (var i = 0; i < round.Length; i++)
            {
                if (i == storedAfter)
                {
                    interrupted = Given.Reactivated(BufferRecord.From(interrupted.Save()).ToContent());
                    interrupted.Open(opening);
                }

                straight.ShouldAccept(Given.Gradient(round[i].Worker, i, round[i].Value));
                interrupted.ShouldAccept(Given.Gradient(round[i].Worker, i, round[i].Value));
            }

            Given.Floats(interrupted.Seal(0)!.Mean).ShouldBe(Given.Floats(straight.Seal(0)!.Mean));
        });

    [Fact]
    public void Each_round_starts_with_nothing()
    {
        var buffer = Given.Buffer(Given.Opening(equally: true));
        buffer.ShouldAccept(Given.Gradient(0, 0, value: 1));
        buffer.ShouldAccept(Given.Gradient(0, 1, value: 3));
        buffer.ShouldAccept(Given.Gradient(1, 0, value: 10));
        Given.Floats(buffer.Seal(0)!.Mean).ShouldBe([6, -6]);
        buffer.ShouldAccept(Given.Gradient(0, 2, value: 7));
        buffer.Commit(Given.At(1));
        Given.Floats(buffer.Seal(1)!.Mean).ShouldBe([7, -7]);
    }
}
