using System.Net;

namespace Basgd.Silo.Storage;

/// <summary>Where a store lies, for messages.</summary>
/// <param name="Provider">As in <see cref="StorageOptions.Provider"/>.</param>
/// <param name="Place">Its address or folder, without secrets.</param>
/// <param name="Servers">Its servers; empty for files.</param>
public sealed record StorageTarget(string Provider, string Place, IReadOnlyList<EndPoint> Servers)
{
    public override string ToString() => $"{Provider}, {Place}";

    /// <summary>A server by name or address.</summary>
    public static EndPoint Server(string host, int port) =>
        IPAddress.TryParse(host, out var address) ? new IPEndPoint(address, port) : new DnsEndPoint(host, port);

    /// <summary>As people write it.</summary>
    public static string Show(EndPoint server) => server is DnsEndPoint name ? $"{name.Host}:{name.Port}" : server.ToString()!;
}
