using System.Net;
using System.Net.Sockets;

namespace Basgd.Cluster.Tests.Access;

/// <summary>
/// Somebody on the way between a client and a silo, who writes down what the client sends, and may change it. At another address of
/// the loopback but the silo's own port: by that a gateway knows that it is meant itself.
/// </summary>
internal sealed class Relay : IAsyncDisposable
{
    private readonly TcpListener listener;
    private readonly CancellationTokenSource ends = new();
    private readonly List<byte[]> sent = [];
    private readonly int to;
    private readonly Task accepting;

    /// <param name="to">Port of the silo on 127.0.0.1.</param>
    public Relay(int to)
    {
        this.to = to;
        listener = new TcpListener(IPAddress.Parse("127.0.0.2"), to);
        listener.Start();
        accepting = Accept();
    }

    public string Address => listener.LocalEndpoint.ToString()!;

    /// <summary>Which byte that the client sends on a connection is to be turned over; none by default.</summary>
    public long? Flips { get; set; }

    /// <summary>What the client sent on each connection, as it was passed on; once this is disposed.</summary>
    public IReadOnlyList<byte[]> Sent
    {
        get
        {
            lock (sent) return [.. sent];
        }
    }

    public async ValueTask DisposeAsync()
    {
        await ends.CancelAsync();
        listener.Stop();
        await accepting;
        ends.Dispose();
    }

    private async Task Accept()
    {
        List<Task> connections = [];
        try
        {
            while (true) connections.Add(Pass(await listener.AcceptTcpClientAsync(ends.Token)));
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task Pass(TcpClient client)
    {
        using (client)
        using (var silo = new TcpClient())
        {
            await silo.ConnectAsync(IPAddress.Loopback, to, ends.Token);
            var seen = new List<byte>();
            await Task.WhenAny(Copy(client, silo, seen), Copy(silo, client, null));
            lock (sent) sent.Add([.. seen]);
        }
    }

    private async Task Copy(TcpClient from, TcpClient into, List<byte>? seen)
    {
        try
        {
            var buffer = new byte[1 << 16];
            while (await from.GetStream().ReadAsync(buffer, ends.Token) is > 0 and var count)
            {
                if (seen is not null)
                {
                    if (Flips - seen.Count is { } at && at >= 0 && at < count) buffer[at] ^= 0xFF;
                    seen.AddRange(buffer.AsSpan(0, count));
                }

                await into.GetStream().WriteAsync(buffer.AsMemory(0, count), ends.Token);
            }
        }
        catch (Exception ended) when (ended is IOException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            // One of the two is gone.
        }
    }
}
