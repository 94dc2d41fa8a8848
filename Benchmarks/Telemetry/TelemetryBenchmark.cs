using System.Diagnostics;
using System.Globalization;
using System.Net;
using Basgd.Benchmarks.Throughput;
using Basgd.Contracts;
using Basgd.Silo.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Basgd.Benchmarks.Telemetry;

/// <summary>
/// What telling costs: the job of <see cref="ThroughputBenchmark"/> on a silo that tells nothing, on one that measures distances
/// in every step, and on one that also collects metrics and traces 1 % and sends them by OTLP, in turns. Beside gradients a second
/// the processor time of a gradient is compared, which what else runs on the machine disturbs less; that of the receiver, in the
/// same process, counts against the silo.
/// </summary>
internal static class TelemetryBenchmark
{
    private const int Rounds = 5;

    private static readonly string[] Silent = ["--Basgd:Job:DistancesEvery=0", "--Basgd:Telemetry:Prometheus=false"];
    private static readonly string[] Distances = ["--Basgd:Job:DistancesEvery=1", "--Basgd:Telemetry:Prometheus=false"];

    /// <param name="seconds">Length of one measurement.</param>
    public static async Task<int> Run(int seconds)
    {
        await using var receiver = await StartReceiver();
        var cases = new (string Name, string[] Arguments)[]
        {
            ("silent", Silent),
            ("distances", Distances),
            ("telling", [.. Distances, $"--Basgd:Telemetry:OtlpEndpoint={receiver.Urls.First()}", "--Basgd:Telemetry:OtlpProtocol=http/protobuf", "--Basgd:Telemetry:ExportEvery=00:00:01", "--Basgd:Telemetry:SampleRatio=0.01"]),
        };
        List<(double Rate, double Processor)[]> ratios = [];
        for (var round = 0; round <= Rounds; round++)
        {
            var measured = new (double Rate, double Processor)[cases.Length];

            // Forwards and backwards in turns: what comes later in a round has no advantage.
            foreach (var i in round % 2 == 0 ? Enumerable.Range(0, cases.Length) : Enumerable.Range(0, cases.Length).Reverse())
                measured[i] = await Measure(cases[i].Arguments, TimeSpan.FromSeconds(seconds));
            if (round == 0) continue; // The first warms all up.
            ratios.Add([.. measured.Select(one => (one.Rate / measured[0].Rate, one.Processor / measured[0].Processor))]);
            Console.WriteLine($"round {round}: {string.Join(", ", cases.Select((one, i) => Text($"{one.Name} {measured[i].Rate:F0} gradients/s, {1000 * measured[i].Processor:F3} ms of processor each")))}");
        }

        for (var i = 1; i < cases.Length; i++)
            Console.WriteLine(Text($"{cases[i].Name} to silent, medians: rate {ratios.Select(all => all[i].Rate).Median():F3}, processor time a gradient {ratios.Select(all => all[i].Processor).Median():F3}"));
        return 0;
    }

    private static async Task<(double Rate, double Processor)> Measure(string[] arguments, TimeSpan length)
    {
        var state = Directory.CreateTempSubdirectory("basgd-telemetry-");
        try
        {
            // One silo at a time: what listens to spans and metrics listens to the whole process.
            using var host = SiloHost.Build(["--state", state.FullName, .. arguments]);
            await host.StartAsync();
            var job = host.Services.GetRequiredService<IGrainFactory>().GetGrain<ITrainingJobGrain>(ThroughputBenchmark.Spec.Name!);
            await job.Submit(ThroughputBenchmark.Spec);
            while ((await job.GetStatus()).GradientsPerSecond == 0) await Task.Delay(50);
            await Task.Delay(TimeSpan.FromSeconds(1));

            var (before, processor) = ((await job.GetStatus()).GradientsApplied, ProcessorTime());
            var watch = Stopwatch.StartNew();
            await Task.Delay(length);
            var gradients = (await job.GetStatus()).GradientsApplied - before;
            var measured = (gradients / watch.Elapsed.TotalSeconds, (ProcessorTime() - processor).TotalSeconds / gradients);
            await host.StopAsync();
            return measured;
        }
        finally
        {
            state.Delete(recursive: true);
        }
    }

    private static async Task<WebApplication> StartReceiver()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var receiver = builder.Build();
        receiver.Run(static context => context.Request.Body.CopyToAsync(Stream.Null));
        await receiver.StartAsync();
        return receiver;
    }

    private static TimeSpan ProcessorTime()
    {
        using var self = Process.GetCurrentProcess();
        return self.TotalProcessorTime;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
