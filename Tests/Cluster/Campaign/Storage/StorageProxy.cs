using System.Net;
using System.Net.Sockets;

namespace Basgd.Cluster.Tests.Campaign;

/// <summary>Stands between silos and a server, and may do badly what it does.</summary>
internal sealed class StorageProxy : IAsyncDisposable
{
    private const int Block = 1 << 16;
    private readonly TcpListener listener;
    private readonly int server;
    private readonly CancellationTokenSource over = new();
    private readonly Lock gate = new();
    private readonly HashSet<Passage> passages = [];
    private readonly Task accepting;
    private TimeSpan delay;
    private bool refuses;

    /// <param name="address">Where silos find it.</param>
    /// <param name="server">Port of the server on this machine.</param>
    public StorageProxy(IPAddress address, int server)
    {
        this.server = server;
        listener = new TcpListener(address, 0);
        listener.Start();
        accepting = Accept();
    }

    /// <summary>Host and port.</summary>
    public string Address => $"{listener.LocalEndpoint}";

    /// <summary>Each answer takes longer, until it is set to zero.</summary>
    public void Slow(TimeSpan by) => delay = by;

    /// <summary>Every connection is closed, and none is taken until <see cref="Welcome"/>.</summary>
    public void Refuse()
    {
        refuses = true;
        foreach (var passage in Open()) passage.Dispose();
    }

    public void Welcome() => refuses = false;

    /// <summary>On every connection that there is, the next answer is lost and the connection with it: what was asked for is done, and nobody is told.</summary>
    public void LoseAnswers()
    {
        foreach (var passage in Open()) passage.LosesAnswer = true;
    }

    public async ValueTask DisposeAsync()
    {
        await over.CancelAsync();
        listener.Stop();
        foreach (var passage in Open()) passage.Dispose();
        await accepting;
        over.Dispose();
    }

    private Passage[] Open()
    {
        lock (gate) return [.. passages];
    }

    private async Task Accept()
    {
        while (true)
        {
            try
            {
                _ = Pass(await listener.AcceptTcpClientAsync(over.Token));
            }
            catch (Exception) when (over.IsCancellationRequested)
            {
                return;
            }
            catch (SocketException)
            {
                // Gone before it was taken.
            }
        }
    }

    private async Task Pass(TcpClient client)
    {
        using var passage = new Passage(client);
        if (refuses) return;
        lock (gate) passages.Add(passage);
        try
        {
            await passage.Server.ConnectAsync(IPAddress.Loopback, server, over.Token);
            await Task.WhenAny(Ask(passage), Answer(passage));
        }
        catch (Exception failure) when (failure is SocketException or IOException or OperationCanceledException or ObjectDisposedException)
        {
            // Whoever has closed it: it is closed on both sides now.
        }
        finally
        {
            lock (gate) passages.Remove(passage);
        }
    }

    private static async Task Ask(Passage passage)
    {
        var block = new byte[Block];
        var (from, to) = (passage.Client.GetStream(), passage.Server.GetStream());
        while (await from.ReadAsync(block) is > 0 and var count) await to.WriteAsync(block.AsMemory(0, count));
    }

    private async Task Answer(Passage passage)
    {
        var block = new byte[Block];
        var (from, to) = (passage.Server.GetStream(), passage.Client.GetStream());
        while (await from.ReadAsync(block) is > 0 and var count)
        {
            if (passage.LosesAnswer) return;
            if (delay > TimeSpan.Zero) await Task.Delay(delay, over.Token);
            await to.WriteAsync(block.AsMemory(0, count));
        }
    }

    /// <summary>One connection, on both sides.</summary>
    private sealed class Passage : IDisposable
    {
        public Passage(TcpClient client)
        {
            (Client, Server) = (client, new TcpClient());
            Client.NoDelay = Server.NoDelay = true;
        }

        public TcpClient Client { get; }

        public TcpClient Server { get; }

        public bool LosesAnswer { get; set; }

        public void Dispose()
        {
            Client.Dispose();
            Server.Dispose();
        }
    }
}
