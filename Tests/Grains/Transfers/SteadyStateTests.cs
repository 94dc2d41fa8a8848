using Basgd.Aggregation.Memory;
using Basgd.Contracts;
using Microsoft.Extensions.DependencyInjection;

namespace Basgd.Grains.Tests.Transfers;

/// <summary>What the process allocates is all theirs: nothing runs beside them.</summary>
[CollectionDefinition(nameof(SteadyStateTests), DisableParallelization = true)]
public sealed class Alone;

/// <summary>What a round costs in memory: nothing that grows with d, once the pool is warm. Sender and server are one process here.</summary>
[Trait("category", "slow")]
[Collection(nameof(SteadyStateTests))]
public sealed class SteadyStateTests(ITestOutputHelper output)
{
    private const int Buffers = 3;

    [Theory]
    [InlineData(1_000_000, 0.0)]
    [InlineData(1_000_000, 0.9)]
    public async Task Nothing_as_large_as_a_vector_is_allocated_for_a_gradient(int dimension, double serverMomentum)
    {
        const int Rounds = 300;
        await using var cluster = await Cluster.Start(dimension, Buffers, serverMomentum);
        await Train(cluster, dimension, 0, 30);

        var before = GC.GetTotalAllocatedBytes(precise: true);
        await Train(cluster, dimension, 30, Rounds);
        var perGradient = (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)(Rounds * Buffers);

        output.WriteLine($"{perGradient:F0} bytes a gradient of {4L * dimension}");
        perGradient.ShouldBeLessThan(4.0 * dimension / 20);
    }

    [Fact]
    public async Task A_job_takes_no_more_than_its_share_of_memory()
    {
        const int Dimension = 5_000_000;
        const double Megabyte = 1 << 20;
        await using var cluster = await Cluster.Start(Dimension, Buffers);
        await Train(cluster, Dimension, 0, 40);

        GC.Collect();
        var vectors = GC.GetGCMemoryInfo(GCKind.Any).GenerationInfo[4].SizeAfterBytes / Megabyte;
        var bound = (((2 * Buffers) + 4) * 4.0 * Dimension / Megabyte) + (2 * 4.0 * Dimension / Megabyte);
        output.WriteLine($"{vectors:F0} MB of vectors, {bound:F0} allowed, of which two vectors are the sender's");
        vectors.ShouldBeLessThan(bound + 64);
    }

    [Fact]
    public async Task Memory_stays_as_it_is_over_a_hundred_thousand_gradients()
    {
        const int Dimension = 1_000;
        const long Megabyte = 1 << 20;
        await using var cluster = await Cluster.Start(Dimension, Buffers);
        await Train(cluster, Dimension, 0, 5_000);
        var before = GC.GetTotalMemory(forceFullCollection: true);

        await Train(cluster, Dimension, 5_000, 29_000);

        var grown = GC.GetTotalMemory(forceFullCollection: true) - before;
        output.WriteLine($"{grown / 1024.0:F0} KiB more than 87,000 gradients ago");
        grown.ShouldBeLessThan(4 * Megabyte);
    }

    /// <summary>Rounds of one gradient for each buffer, sent from the other silo, and the new model fetched there.</summary>
    private static async Task Train(Cluster cluster, int dimension, int from, int rounds)
    {
        var fetcher = cluster.Worker.GetRequiredService<VectorFetcher>();
        var buffers = Enumerable.Range(0, Buffers).Select(b => cluster.Buffer(b)).ToArray();
        var gradient = ParameterVector.Zeros(dimension);
        for (var step = from; step < from + rounds; step++)
        {
            await Task.WhenAll(buffers.Select((buffer, worker) => Submit(cluster, buffer, gradient, worker, step)));
            var answer = await cluster.Model.GetSnapshot(new ModelVersion(0, step + 1));
            answer!.Version.Step.ShouldBe(step + 1);
            (await fetcher.Open(answer.Parameters))!.Return();
        }

        gradient.Return();
    }

    private static async Task Submit(Cluster cluster, IBufferGrain buffer, ParameterVector gradient, int worker, int step)
    {
        var submission = new Submission(worker, step, 0, new ModelVersion(0, step), 0, null);
        var offer = gradient.Length > VectorOffer.MaxInline ? cluster.Offers.Put(gradient) : null;
        var result = offer is null ? await buffer.Submit(submission with { Gradient = gradient }) : await buffer.SubmitOffer(submission, offer);
        result.Refusal.ShouldBeNull();
        if (offer is not null) cluster.Offers.Withdraw(offer.Id);
    }
}
