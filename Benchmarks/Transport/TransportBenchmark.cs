using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Basgd.Contracts;
using Microsoft.Extensions.DependencyInjection;

namespace Basgd.Benchmarks.Transport;

/// <summary>
/// Gradients a second from one silo process to another, into a buffer's mean, against a raw loopback copy between the same
/// processes into a fresh array each time; and how long a status call takes beside them. All in one run, in turns.
/// </summary>
internal static class TransportBenchmark
{
    private const int Rounds = 5;
    private const int Seconds = 3;
    private const int Megabyte = 1 << 20;

    private static readonly int[] Dimensions = [Megabyte / sizeof(float), 20 * Megabyte / sizeof(float)];

    public static async Task<int> Run()
    {
        var port = TransportSilo.FreePort();
        using var host = await TransportSilo.Start(port, null, Dimensions);
        var grains = host.Services.GetRequiredService<IGrainFactory>();
        foreach (var dimension in Dimensions) await grains.GetGrain<ITrainingJobGrain>(TransportSilo.Job(dimension).EffectiveName).Submit(TransportSilo.Job(dimension));

        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var sender = Start(port, ((IPEndPoint)listener.LocalEndpoint).Port);
        using var socket = await listener.AcceptSocketAsync();
        var receiving = Task.Factory.StartNew(() => Receive(socket), TaskCreationOptions.LongRunning);
        await sender.StandardOutput.ReadLineAsync();

        Console.WriteLine($"{"gradient",10} {"raw copy",12} {"service",12} {"ratio",6}   status beside it, ms: median    99 %    most");
        foreach (var dimension in Dimensions) await Compare(sender, dimension);
        sender.StandardInput.Close();
        await sender.WaitForExitAsync();
        socket.Close();
        await receiving;
        await host.StopAsync();
        return 0;
    }

    private static async Task Compare(Process sender, int dimension)
    {
        List<(double Raw, double Service)> rates = [];
        List<double> waits = [];
        for (var round = 0; round <= Rounds; round++)
        {
            var raw = await Ask(sender, $"raw {dimension} {Seconds}");
            var service = await Ask(sender, $"submit {dimension} {Seconds}");
            if (round == 0) continue; // It warms both up.
            rates.Add((raw[0], service[0]));
            waits.AddRange(service[1..]);
        }

        waits.Sort();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{dimension * sizeof(float) / Megabyte,7} MB {Median(rates.Select(r => r.Raw)) / 1e6,7:F0} MB/s {Median(rates.Select(r => r.Service)) / 1e6,7:F0} MB/s {Median(rates.Select(r => r.Service / r.Raw)),6:F2} {waits[waits.Count / 2],30:F1} {waits[waits.Count * 99 / 100],7:F1} {waits[^1],7:F1}"));
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted[sorted.Length / 2];
    }

    private static async Task<double[]> Ask(Process sender, string what)
    {
        await sender.StandardInput.WriteLineAsync(what);
        return [.. (await sender.StandardOutput.ReadLineAsync())!.Split(' ').Select(number => double.Parse(number, CultureInfo.InvariantCulture))];
    }

    /// <summary>Takes vectors in, each into a fresh array, and acknowledges each with a byte.</summary>
    private static void Receive(Socket socket)
    {
        var header = new byte[sizeof(int)];
        while (Fill(socket, header))
        {
            var content = new byte[BitConverter.ToInt32(header)];
            if (!Fill(socket, content)) return;
            socket.Send(header.AsSpan(0, 1));
        }
    }

    private static bool Fill(Socket socket, Span<byte> target)
    {
        try
        {
            while (target.Length > 0)
            {
                var got = socket.Receive(target);
                if (got == 0) return false;
                target = target[got..];
            }

            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static Process Start(int silo, int tcp)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet") start.ArgumentList.Add(typeof(TransportBenchmark).Assembly.Location);
        foreach (var argument in new[] { "transport-sender", $"{silo}", $"{tcp}", string.Join(',', Dimensions) }) start.ArgumentList.Add(argument);
        return Process.Start(start)!;
    }
}
