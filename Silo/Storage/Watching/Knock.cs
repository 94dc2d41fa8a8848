using System.Net;
using System.Net.Sockets;

namespace Basgd.Silo.Storage;

/// <summary>Opens a plain connection to a server, to learn why it cannot be reached.</summary>
internal static class Knock
{
    /// <returns>Why none of the servers can be reached; null if one can.</returns>
    public static async Task<SocketException?> At(IEnumerable<EndPoint> servers, TimeSpan timeout)
    {
        SocketException? cause = null;
        foreach (var server in servers)
        {
            using var limit = new CancellationTokenSource(timeout);
            using var socket = server is UnixDomainSocketEndPoint
                ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
                : new Socket(SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await socket.ConnectAsync(server, limit.Token);
                return null;
            }
            catch (SocketException failure)
            {
                cause = failure;
            }
            catch (OperationCanceledException)
            {
                cause = new SocketException((int)SocketError.TimedOut);
            }
        }

        return cause;
    }
}
