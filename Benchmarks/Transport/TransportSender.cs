using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Basgd.Aggregation.Memory;
using Basgd.Contracts;
using Basgd.Contracts.Connections;
using Basgd.Grains;
using Microsoft.Extensions.DependencyInjection;

namespace Basgd.Benchmarks.Transport;

/// <summary>The sending process: does what it is told on standard input, a line at a time, and answers on standard output.</summary>
internal static class TransportSender
{
    private const int AtOnce = 4;

    private static long sequence;

    /// <param name="primary">Port of the receiving silo.</param>
    /// <param name="tcp">Port on which its process takes raw copies.</param>
    /// <param name="dimensions">d of each job, comma-separated.</param>
    /// <param name="tls">Certificate, key and authority; empty for connections in the clear.</param>
    public static async Task<int> Run(string primary, string tcp, string dimensions, IReadOnlyList<string> tls)
    {
        using var host = await TransportSilo.Start(Ports.Free(), Number(primary), dimensions.Split(',').Select(Number), tls is [var certificate, var key, var authority] ? new TlsFiles(certificate, key, authority) : null);
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, Number(tcp));
        Console.WriteLine("ready");
        while (Console.ReadLine() is { } line)
        {
            var words = line.Split(' ');
            var (dimension, length) = (Number(words[1]), TimeSpan.FromSeconds(Number(words[2])));
            double[] answer = words[0] == "raw" ? [await Raw(socket, dimension, length)] : await Submit(host.Services, dimension, length);
            Console.WriteLine(string.Join(' ', answer.Select(number => number.ToString(CultureInfo.InvariantCulture))));
        }

        await host.StopAsync();
        return 0;
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    /// <summary>Bytes per second of whole vectors, each acknowledged by a byte, up to four on their way as below.</summary>
    private static async Task<double> Raw(Socket socket, int dimension, TimeSpan length)
    {
        var vector = ParameterVector.Zeros(dimension);
        var bytes = vector.Memory;
        var acknowledged = new byte[AtOnce];
        var (sent, back) = (0L, 0L);
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < length || back < sent)
        {
            if (watch.Elapsed < length && sent - back < AtOnce)
            {
                await SendAll(socket, bytes);
                sent++;
            }
            else
            {
                back += await socket.ReceiveAsync(acknowledged);
            }
        }

        vector.Return();
        return back * (double)dimension * sizeof(float) / watch.Elapsed.TotalSeconds;
    }

    private static async Task SendAll(Socket socket, Memory<float> floats)
    {
        var header = BitConverter.GetBytes(floats.Length * sizeof(float));
        await socket.SendAsync(header);
        for (var at = 0; at < floats.Length * sizeof(float);) at += Send(socket, floats, at);
    }

    private static int Send(Socket socket, Memory<float> floats, int at) => socket.Send(MemoryMarshal.AsBytes(floats.Span)[at..]);

    /// <summary>Bytes per second of gradients that the buffer has taken in, from so many workers at once; then how long each status call beside them took, in ms.</summary>
    private static async Task<double[]> Submit(IServiceProvider services, int dimension, TimeSpan length)
    {
        var grains = services.GetRequiredService<IGrainFactory>();
        var name = TransportSilo.Job(dimension).EffectiveName;
        var buffer = grains.GetGrain<IBufferGrain>(0, name);
        var offers = services.GetRequiredService<VectorOffers>();
        var gradients = Enumerable.Range(0, AtOnce).Select(i => Gradient(i, dimension)).ToList();
        var watch = Stopwatch.StartNew();
        var waits = Watch(grains.GetGrain<ITrainingJobGrain>(name), watch, length);
        var counts = await Task.WhenAll(gradients.Select((gradient, i) => Task.Run(() => Worker(buffer, offers, 2 * i, gradient, watch, length))));
        var rate = counts.Sum() * (double)dimension * sizeof(float) / watch.Elapsed.TotalSeconds;
        foreach (var gradient in gradients) gradient.Return();
        return [rate, .. await waits];
    }

    private static async Task<List<double>> Watch(ITrainingJobGrain job, Stopwatch watch, TimeSpan length)
    {
        List<double> waits = [];
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (watch.Elapsed < length && await timer.WaitForNextTickAsync())
        {
            var started = Stopwatch.GetTimestamp();
            await job.GetStatus();
            waits.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }

        return waits;
    }

    /// <summary>Random: of zeros a buffer would ask itself whether their squares had only vanished.</summary>
    private static ParameterVector Gradient(int seed, int dimension)
    {
        var gradient = ParameterVector.Zeros(dimension);
        var random = new Random(seed);
        foreach (ref var value in gradient.Span) value = random.NextSingle() - 0.5f;
        return gradient;
    }

    private static async Task<long> Worker(IBufferGrain buffer, VectorOffers offers, int worker, ParameterVector gradient, Stopwatch watch, TimeSpan length)
    {
        var count = 0L;
        while (watch.Elapsed < length)
        {
            var submission = new Submission(worker, Interlocked.Increment(ref sequence), 0, default, 0, null);
            var offer = offers.Put(gradient);
            var result = await buffer.SubmitOffer(submission, offer);
            offers.Withdraw(offer.Id);
            if (result.Refusal is { } refusal) throw new InvalidOperationException($"refused: {refusal}");
            count++;
        }

        return count;
    }
}
