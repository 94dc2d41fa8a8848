using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Basgd.Contracts;
using Basgd.Contracts.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Basgd.Benchmarks.Transport;

/// <summary>A silo in this process that receives, and the process with the silo that sends to it.</summary>
internal sealed class TransportLink : IAsyncDisposable
{
    private readonly IHost host;
    private readonly Process sender;
    private readonly Socket socket;
    private readonly Task receiving;

    private TransportLink(IHost host, Process sender, Socket socket)
    {
        (this.host, this.sender, this.socket) = (host, sender, socket);
        receiving = Task.Factory.StartNew(Receive, TaskCreationOptions.LongRunning);
    }

    /// <summary>What the sending process has used of processors.</summary>
    public TimeSpan SenderTime
    {
        get
        {
            sender.Refresh();
            return sender.TotalProcessorTime;
        }
    }

    /// <param name="dimensions">A job for each d.</param>
    /// <param name="tls">For both sides; null for connections in the clear.</param>
    public static async Task<TransportLink> Start(IReadOnlyList<int> dimensions, TlsFiles? tls)
    {
        var port = Ports.Free();
        var host = await TransportSilo.Start(port, null, dimensions, tls);
        var grains = host.Services.GetRequiredService<IGrainFactory>();
        foreach (var dimension in dimensions) await grains.GetGrain<ITrainingJobGrain>(TransportSilo.Job(dimension).EffectiveName).Submit(TransportSilo.Job(dimension));

        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var sender = StartSender([$"{port}", $"{((IPEndPoint)listener.LocalEndpoint).Port}", string.Join(',', dimensions), .. tls is null ? (string[])[] : [tls.Certificate, tls.Key, tls.Authority]]);
        var link = new TransportLink(host, sender, await listener.AcceptSocketAsync());
        await sender.StandardOutput.ReadLineAsync();
        return link;
    }

    /// <summary>Has the sender do something; see <see cref="TransportSender"/>.</summary>
    public async Task<double[]> Ask(string what)
    {
        await sender.StandardInput.WriteLineAsync(what);
        return [.. (await sender.StandardOutput.ReadLineAsync())!.Split(' ').Select(number => double.Parse(number, CultureInfo.InvariantCulture))];
    }

    public async ValueTask DisposeAsync()
    {
        sender.StandardInput.Close();
        await sender.WaitForExitAsync();
        sender.Dispose();
        socket.Close();
        await receiving;
        await host.StopAsync();
        host.Dispose();
    }

    /// <summary>Takes vectors in, each into a fresh array, and acknowledges each with a byte.</summary>
    private void Receive()
    {
        var header = new byte[sizeof(int)];
        while (Fill(header))
        {
            var content = new byte[BitConverter.ToInt32(header)];
            if (!Fill(content)) return;
            socket.Send(header.AsSpan(0, 1));
        }
    }

    private bool Fill(Span<byte> target)
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

    private static Process StartSender(IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet") start.ArgumentList.Add(typeof(TransportLink).Assembly.Location);
        foreach (var argument in arguments.Prepend("transport-sender")) start.ArgumentList.Add(argument);
        return Process.Start(start)!;
    }
}
