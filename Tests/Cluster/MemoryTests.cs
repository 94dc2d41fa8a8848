using Basgd.Cluster.Tests.Processes;

namespace Basgd.Cluster.Tests;

/// <summary>What a job may take of a server silo, a process of its own that gets gradients as fast as it takes them: one measurement each of <c>Benchmarks -- memory</c>.</summary>
[Collection<Alone>]
[Trait("category", "slow")]
public sealed class MemoryTests(ITestOutputHelper output)
{
    private const double Megabyte = 1 << 20;

    /// <summary>What a server with a job takes at its peak beyond the same server before the job, besides vectors: code that is compiled then, messages, slices on their way.</summary>
    private const double Constant = 64;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(4);

    [Theory]
    [InlineData(1_000, 5, 20_000)]
    [InlineData(1_000_000, 3, 2_000)]
    [InlineData(5_000_000, 1, 400)]
    [InlineData(5_000_000, 5, 600)]
    public async Task A_job_of_B_buffers_takes_2B_and_4_vectors_at_most_and_a_constant(int dimension, int buffers, int gradients)
    {
        var result = await Benchmark.Run(Limit, ["memory", "--json", $"{dimension}", $"{buffers}", $"{gradients}"]);
        var (taken, allowed) = (result.GetProperty("taken").GetInt64() / Megabyte, result.GetProperty("allowed").GetInt64() / Megabyte);

        output.WriteLine($"{result.GetProperty("idle").GetInt64() / Megabyte:F0} MiB before the job, {taken:F0} more at the peak, {allowed:F0} allowed and {Constant:F0}");
        taken.ShouldBeLessThan(allowed + Constant);
    }
}
