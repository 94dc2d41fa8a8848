using System.Diagnostics;
using System.Globalization;
using Basgd.Tests.Certificates;

namespace Basgd.Benchmarks.Transport;

/// <summary>
/// What mutual TLS between silos costs: gradients a second from one silo process to another, into a buffer's mean, with TLS and in
/// the clear, in turns in one run; and the processor time that both sides take for a gradient.
/// </summary>
internal static class TlsBenchmark
{
    private const int Rounds = 5;
    private const int Seconds = 3;
    private const int Kilobyte = 1 << 10;

    private static readonly int[] Dimensions = [.. new[] { 256, 1024, 20 * 1024 }.Select(static kilobytes => kilobytes * Kilobyte / sizeof(float))];

    public static async Task<int> Run()
    {
        var folder = Directory.CreateTempSubdirectory("basgd-tls-");
        List<Row> rows = [];
        try
        {
            using var authority = new Authority(folder.FullName, "authority");
            await using var clear = await TransportLink.Start(Dimensions, tls: null);
            await using var tls = await TransportLink.Start(Dimensions, authority.Silo());
            Console.WriteLine("gradient   clear, 1/s   TLS, 1/s   ratio   processor ms a gradient: clear   TLS");
            foreach (var dimension in Dimensions) rows.Add(await Compare(clear, tls, dimension));
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        var lines = string.Concat(rows.Select(static row => string.Create(
            CultureInfo.InvariantCulture,
            $"| {row.Name} | {row.Clear.PerSecond:F0} | {row.Tls.PerSecond:F0} | {row.Ratio:F2} | {row.Clear.Cost:F2} | {row.Tls.Cost:F2} |\n")));
        Page.Write("tls.md", $"""
            # What mutual TLS costs

            Made by `dotnet run -c Release --project Benchmarks -- transport --tls`. Silo processes on loopback, as in [transport.md](transport.md): one sends gradients of four workers into a buffer of the other, over mutual TLS and in the clear, in turns. Medians of {Rounds} rounds of {Seconds} s; read the ratio. Processor time is that of both processes.

            {Page.Machine}

            | gradient | in the clear, gradients/s | TLS, gradients/s | ratio | in the clear, processor ms a gradient | TLS, processor ms a gradient |
            |---|---|---|---|---|---|
            {lines}
            On loopback nothing but the processors bounds the rate, and both sides share them: this is the most that TLS can cost. Where the network, or the computing of gradients, is slower than the rates above, only the processor time is felt.

            """);
        return 0;
    }

    private static async Task<Row> Compare(TransportLink clear, TransportLink tls, int dimension)
    {
        List<(Rate Clear, Rate Tls)> rates = [];
        for (var round = 0; round <= Rounds; round++)
        {
            var pair = (await Measure(clear, dimension), await Measure(tls, dimension));
            if (round > 0) rates.Add(pair); // The first warms both up.
        }

        var row = new Row(
            dimension,
            new Rate(rates.Select(static pair => pair.Clear.PerSecond).Median(), rates.Select(static pair => pair.Clear.Cost).Median()),
            new Rate(rates.Select(static pair => pair.Tls.PerSecond).Median(), rates.Select(static pair => pair.Tls.Cost).Median()),
            rates.Select(static pair => pair.Tls.PerSecond / pair.Clear.PerSecond).Median());
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{row.Name,8} {row.Clear.PerSecond,12:F0} {row.Tls.PerSecond,10:F0} {row.Ratio,7:F2} {row.Clear.Cost,30:F2} {row.Tls.Cost,5:F2}"));
        return row;
    }

    private static async Task<Rate> Measure(TransportLink link, int dimension)
    {
        using var own = Process.GetCurrentProcess();
        var before = own.TotalProcessorTime + link.SenderTime;
        var watch = Stopwatch.StartNew();
        var bytes = (await link.Ask($"submit {dimension} {Seconds}"))[0];
        var gradients = bytes / sizeof(float) / dimension;
        var elapsed = watch.Elapsed.TotalSeconds;
        own.Refresh();
        return new Rate(gradients, (own.TotalProcessorTime + link.SenderTime - before).TotalMilliseconds / (gradients * elapsed));
    }

    /// <param name="PerSecond">Gradients.</param>
    /// <param name="Cost">Processor time of both sides for one, ms.</param>
    private sealed record Rate(double PerSecond, double Cost);

    private sealed record Row(int Dimension, Rate Clear, Rate Tls, double Ratio)
    {
        public string Name => Dimension * sizeof(float) / Kilobyte is var kilobytes && kilobytes < Kilobyte ? $"{kilobytes} kB" : $"{kilobytes / Kilobyte} MB";
    }
}
