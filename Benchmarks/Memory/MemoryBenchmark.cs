using System.Globalization;
using System.Text.Json;
using Basgd.Benchmarks.Clusters;
using Basgd.Contracts;

namespace Basgd.Benchmarks.Memory;

/// <summary>Resident memory of a server silo, a process of its own, that another silo sends gradients to as fast as it takes them.</summary>
internal static class MemoryBenchmark
{
    private const int Lanes = 2;
    private const int Buffers = 5;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(8);

    public static async Task<int> Run()
    {
        MemoryPage.Write([await Measure(InstantWorkload.Small, Buffers, warmUp: 10_000, gradients: 100_000), await Measure(InstantWorkload.Large, Buffers, warmUp: 100, gradients: 1_000)]);
        return 0;
    }

    /// <summary>Prints one measurement as a JSON document.</summary>
    /// <param name="dimension">One that <see cref="InstantWorkload.All"/> has.</param>
    public static async Task<int> Run(int dimension, int buffers, int gradients)
    {
        Console.WriteLine(JsonSerializer.Serialize(await Measure(dimension, buffers, warmUp: gradients / 10, gradients), JsonSerializerOptions.Web));
        return 0;
    }

    private static async Task<MemoryResult> Measure(int dimension, int buffers, long warmUp, long gradients)
    {
        await using var cluster = await Cluster.Start();
        await cluster.AddWorker(Lanes);
        var idle = Resident(cluster.Server, "VmRSS");
        var job = new JobSpec
        {
            Name = $"instant-{dimension}",
            Model = new InstantWorkload(dimension).Model,
            Dataset = new InstantWorkload(dimension).Dataset,
            Buffers = buffers,
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
