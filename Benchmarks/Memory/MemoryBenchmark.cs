using System.Globalization;
using System.Text.Json;
using Basgd.Benchmarks.Clusters;
using Basgd.Contracts;

namespace Basgd.Benchmarks.Memory;

/// <summary>Resident memory of a server silo, a process of its own, that another silo sends gradients to as fast as it takes them.</summary>
internal static class MemoryBenchmark
{
    private const int Lanes = 2;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(8);

    /// <param name="json">Prints the results as one JSON document and writes no page.</param>
    public static async Task<int> Run(bool json)
    {
        MemoryResult[] results = [await Measure(InstantWorkload.Small, warmUp: 10_000, gradients: 100_000), await Measure(InstantWorkload.Large, warmUp: 100, gradients: 1_000)];
        if (json) Console.WriteLine(JsonSerializer.Serialize(results, JsonSerializerOptions.Web));
        else MemoryPage.Write(results);
        return 0;
    }

    private static async Task<MemoryResult> Measure(int dimension, long warmUp, long gradients)
    {
        await using var cluster = await Cluster.Start();
        await cluster.AddWorker(Lanes);
        var idle = Resident(cluster.Server, "VmRSS");
        var job = new JobSpec
        {
            Name = $"instant-{dimension}",
            Model = new InstantWorkload(dimension).Model,
            Dataset = new InstantWorkload(dimension).Dataset,
            Steps = long.MaxValue,
            EvaluateEverySeconds = 0,
        };
        await cluster.Job(job.EffectiveName).Submit(job);
        List<MemoryResult.Sample> samples = [];
        await cluster.Until(job.EffectiveName, status => Note(status.GradientsApplied) >= warmUp + gradients, Patience);
        return new MemoryResult(dimension, job.Buffers, idle, samples, Resident(cluster.Server, "VmHWM"));

        long Note(long applied)
        {
            if (applied >= warmUp) samples.Add(new MemoryResult.Sample(applied, Resident(cluster.Server, "VmRSS")));
            return applied;
        }
    }

    /// <summary>Bytes, by a line of /proc/PID/status.</summary>
    private static long Resident(int process, string line)
    {
        var words = File.ReadLines($"/proc/{process}/status").First(text => text.StartsWith(line, StringComparison.Ordinal)).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return long.Parse(words[1], CultureInfo.InvariantCulture) * 1024;
    }
}
