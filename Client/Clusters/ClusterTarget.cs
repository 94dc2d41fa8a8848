using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Basgd.Client.Clusters;

/// <summary>Which cluster is meant: the one at an address, or the one silo on a state directory.</summary>
/// <param name="Address">Gateway, <c>HOST:PORT</c>; null for the local silo.</param>
/// <param name="State">State directory of the local silo.</param>
/// <param name="Start">What to start where no silo runs on the state directory; null to refuse.</param>
internal sealed record ClusterTarget(string? Address, string State, SiloStart? Start)
{
    public const string DefaultState = "state";

    /// <summary>The options that name the same cluster in another command.</summary>
    public string Arguments => Address is not null ? $" --cluster {Address}" : State == DefaultState ? "" : $" --state {State}";

    /// <summary>The gateways behind <see cref="Address"/>.</summary>
    /// <exception cref="UsageException">Another form.</exception>
    /// <exception cref="ClusterException">The host has no address.</exception>
    public static async Task<IReadOnlyList<IPEndPoint>> Resolve(string address, CancellationToken cancellationToken)
    {
        var (host, port) = Split(address);
        try
        {
            return [.. (await Dns.GetHostAddressesAsync(host, cancellationToken)).Select(ip => new IPEndPoint(ip, port))];
        }
        catch (SocketException failure)
        {
            throw new ClusterException($"cluster = {address}: {host} cannot be resolved ({failure.Message})", failure);
        }
    }

    /// <inheritdoc cref="Resolve"/>
    public static (string Host, int Port) Split(string address)
    {
        const string Rule = "must be HOST:PORT of a silo's gateway, such as localhost:30000; redis:// and postgres:// are not supported";
        var colon = address.LastIndexOf(':');
        return colon > 0 && !address.Contains("://", StringComparison.Ordinal)
            && int.TryParse(address.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and <= IPEndPoint.MaxPort
                ? (address[..colon].Trim('[', ']'), port)
                : throw new UsageException($"cluster = {address}: {Rule}");
    }
}

/// <param name="Slots">Workers the silo trains at a time; null for its default, 0 for a silo that only answers.</param>
/// <param name="Data">Directory it looks for data sets in first.</param>
internal sealed record SiloStart(int? Slots = null, string? Data = null);
