using System.Globalization;
using Basgd.Contracts;
using Basgd.Learning;
using Basgd.Silo.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Basgd.Benchmarks.Throughput;

/// <summary>Gradients per second through the whole service, durable steps included, against <see cref="PlainLoop"/> on the same cores in the same process.</summary>
internal static class ThroughputBenchmark
{
    private const int Rounds = 3;

    internal static readonly JobSpec Spec = new()
    {
        Name = "throughput",
        Byzantine = 2,
        Attack = "negative-gradient(k=10)",
        Epochs = 10_000,
        EvaluateEverySeconds = 0,
    };

    /// <param name="seconds">Length of one measurement.</param>
    public static async Task<int> Run(int seconds)
    {
        var length = TimeSpan.FromSeconds(seconds);
        var state = Directory.CreateTempSubdirectory("basgd-throughput-");
        try
        {
            using var host = SiloHost.Build(["--state", state.FullName]);
            await host.StartAsync();
            await Compare(host.Services, length);
            await host.StopAsync();
            return 0;
        }
        finally
        {
            state.Delete(recursive: true);
        }
    }

    private static async Task Compare(IServiceProvider services, TimeSpan length)
    {
        var job = services.GetRequiredService<IGrainFactory>().GetGrain<ITrainingJobGrain>(Spec.Name!);
        var workload = services.GetServices<IWorkload>().First(w => w.Model == Spec.Model && w.Dataset == Spec.Dataset);
        await job.Submit(Spec);
        await job.Pause();

        Console.WriteLine($"{Spec.Model} on {Spec.Dataset}, batch {Spec.Batch}, m = {Spec.Workers}, B = {Spec.Buffers}, {Environment.ProcessorCount} lanes, {length.TotalSeconds} s a round");
        List<double> ratios = [];
        for (var round = 0; round <= Rounds; round++)
        {
            var plain = await new PlainLoop(Spec, workload, Environment.ProcessorCount).Run(length);
            var service = await Measure(job, length);
            if (round == 0) continue; // The first warms both up.
            ratios.Add(service / plain);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"round {round}: plain {plain:F0} gradients/s, service {service:F0} gradients/s, ratio {service / plain:F2}"));
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"median ratio {ratios.Median():F2}"));
    }

    private static async Task<double> Measure(ITrainingJobGrain job, TimeSpan length)
    {
        await job.Resume();
        while ((await job.GetStatus()).GradientsPerSecond == 0) await Task.Delay(50);
        var before = (await job.GetStatus()).GradientsApplied;
        var watch = System.Diagnostics.Stopwatch.StartNew();
        await Task.Delay(length);
        var rate = ((await job.GetStatus()).GradientsApplied - before) / watch.Elapsed.TotalSeconds;
        await job.Pause();
        return rate;
    }
}
