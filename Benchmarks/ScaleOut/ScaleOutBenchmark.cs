using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Basgd.Benchmarks.Clusters;
using Basgd.Contracts;

namespace Basgd.Benchmarks.ScaleOut;

/// <summary>
/// Gradients per second of one job while worker silos join it, one, two, four; then of four silos with and without one straggler
/// among the workers, beside a synchronous loop with the same delays. Every silo is a process of its own.
/// </summary>
internal static class ScaleOutBenchmark
{
    /// <summary>Gradients that a silo computes at once.</summary>
    public const int Lanes = 4;

    private const int Rounds = 3;

    /// <summary>Gradients a worker before it is counted: new silos compile what they run.</summary>
    private const int WarmUp = 5;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly int[] Silos = [1, 2, 4];

    /// <summary>As many workers as the most silos have lanes.</summary>
    public static readonly int Workers = Lanes * Silos[^1];

    /// <param name="seconds">Length of one measurement.</param>
    /// <param name="json">Prints the result as one JSON document and writes no page.</param>
    public static async Task<int> Run(int seconds, bool json)
    {
        var length = TimeSpan.FromSeconds(seconds);
        var result = await Measure(length);
        if (json) Console.WriteLine(JsonSerializer.Serialize(result, JsonSerializerOptions.Web));
        else ScaleOutPage.Write(result, length);
        return 0;
    }

    /// <summary>The job of a workload.</summary>
    public static JobSpec Job(SleepingWorkload workload) => new()
    {
        Name = workload.Dataset,
        Model = workload.Model,
        Dataset = workload.Dataset,
        Workers = Workers,
        Tolerate = 2,
        Steps = long.MaxValue,
        EvaluateEverySeconds = 0,
    };

    private static async Task<ScaleOutResult> Measure(TimeSpan length)
    {
        await using var cluster = await Cluster.Start();
        var (even, straggling) = (Job(SleepingWorkload.Even), Job(SleepingWorkload.OneStraggler));
        List<ScaleOutResult.Scale> scales = [];
        for (var joined = 0; joined < Silos[^1];)
        {
            await cluster.AddWorker(Lanes);
            if (++joined == 1) await cluster.Job(even.EffectiveName).Submit(even);
            if (Silos.Contains(joined)) scales.Add(new ScaleOutResult.Scale(joined, (await Rate(cluster, even, joined, length)).Gradients));
        }

        await cluster.Job(even.EffectiveName).Pause();
        await cluster.Job(straggling.EffectiveName).Submit(straggling);
        await cluster.Job(straggling.EffectiveName).Pause();
        List<ScaleOutResult.Round> rounds = [];
        for (var round = 0; round < Rounds; round++)
        {
            var (without, with) = (await Resumed(cluster, even, length), await Resumed(cluster, straggling, length));
            rounds.Add(new ScaleOutResult.Round(
                without,
                with,
                BarrierLoop.Run(SleepingWorkload.Even, Workers, length),
                BarrierLoop.Run(SleepingWorkload.OneStraggler, Workers, length)));
        }

        return new ScaleOutResult(scales, rounds);
    }

    private static async Task<ScaleOutResult.Rate> Resumed(Cluster cluster, JobSpec job, TimeSpan length)
    {
        await cluster.Job(job.EffectiveName).Resume();
        var rate = await Rate(cluster, job, Silos[^1], length);
        await cluster.Job(job.EffectiveName).Pause();
        return rate;
    }

    /// <summary>Waits until every silo has its share of the workers and each of them has sent some gradients, then counts.</summary>
    private static async Task<ScaleOutResult.Rate> Rate(Cluster cluster, JobSpec job, int silos, TimeSpan length)
    {
        var balanced = await cluster.Until(job.EffectiveName, status => status.Leases.CountBy(static lease => lease.Silo).Count(share => share.Value == Workers / silos) == silos, Patience);
        var before = await cluster.Until(job.EffectiveName, status => status.GradientsApplied >= balanced.GradientsApplied + (WarmUp * Workers), Patience);
        var watch = Stopwatch.StartNew();
        await Task.Delay(length);
        var after = await cluster.Job(job.EffectiveName).GetStatus();
        var took = watch.Elapsed.TotalSeconds;
        var rate = new ScaleOutResult.Rate((after.GradientsApplied - before.GradientsApplied) / took, (after.Version.Step - before.Version.Step) / took);
        await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{job.EffectiveName}, {silos} worker silos: {rate.Gradients:F1} gradients/s, {rate.Steps:F1} steps/s"));
        return rate;
    }
}
