using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace Basgd.Client.Clusters;

/// <summary>What a silo says of itself in <c>silo.json</c> of its state directory.</summary>
/// <param name="Address">Where it listens; null for the loopback interface.</param>
/// <param name="Page">Where its live page is; null where it has none.</param>
internal sealed record SiloAnnouncement(int Pid, int Gateway, string? Address = null, Uri? Page = null)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    public IPEndPoint Endpoint => new(IPAddress.TryParse(Address, out var address) ? address : IPAddress.Loopback, Gateway);

    /// <summary>The silo that runs on the directory; null where there is none, or only what a killed one left behind.</summary>
    public static async Task<SiloAnnouncement?> FindLive(string state, CancellationToken cancellationToken) =>
        Read(Path.Combine(state, "silo.json")) is { } announced && IsAlive(announced.Pid) && await Answers(announced.Endpoint, cancellationToken) ? announced : null;

    public static SiloAnnouncement? Parse(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<SiloAnnouncement>(json, JsonSerializerOptions.Web) is { Gateway: > 0 and <= IPEndPoint.MaxPort } announced ? announced : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Whether something takes connections there.</summary>
    public static async Task<bool> Answers(IPEndPoint endpoint, CancellationToken cancellationToken)
    {
        using var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limited.CancelAfter(Patience);
        try
        {
            await socket.ConnectAsync(endpoint, limited.Token);
            return true;
        }
        catch (Exception failure) when (failure is SocketException || (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return false;
        }
    }

    private static SiloAnnouncement? Read(string file)
    {
        try
        {
            return Parse(File.ReadAllText(file));
        }
        catch (Exception missing) when (missing is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static bool IsAlive(int pid)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
