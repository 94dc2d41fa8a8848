using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Basgd.Contracts;
using Basgd.Contracts.Attaching;
using Basgd.Contracts.Programs;

namespace Basgd.Client.Clusters;

/// <summary>Which cluster is meant: the one at an address, or the one silo on a state directory.</summary>
/// <param name="Address">Where its silos register, <c>redis://…</c> or <c>postgres://…</c>, or a gateway, <c>HOST:PORT</c>; null for the local silo.</param>
/// <param name="State">State directory of the local silo.</param>
/// <param name="Start">What to start if no silo runs on the state directory; null to start none.</param>
/// <param name="ClusterId">Name of the cluster among those that register at one place.</param>
internal sealed record ClusterTarget(string? Address, string State, SiloStart? Start, string ClusterId = ClusterTarget.DefaultClusterId)
{
    public const string DefaultState = "state";
    public const string DefaultClusterId = "basgd";

    public Credentials Credentials { get; init; } = Credentials.None;

    /// <summary>What the command needs of the silo on the state directory.</summary>
    public Need Need { get; init; } = new("basgd");

    /// <summary>What the command makes of the state directory.</summary>
    public StateUse Use { get; init; } = StateUse.Use;

    /// <summary>Whether the address is the one in BASGD_CLUSTER, which another command takes by itself.</summary>
    public bool IsFromEnvironment { get; init; }

    /// <summary>The options that name the same cluster in another command. A password is not repeated: the variable stands for it.</summary>
    public string Arguments =>
        Address is null ? State == DefaultState ? "" : $" --state {FollowUp.Quote(State)}"
        : (IsFromEnvironment ? "" : $" --cluster {(Shown(Address) == Address ? Address : $"\"${EnvironmentVariables.Cluster}\"")}")
            + (ClusterId == DefaultClusterId ? "" : $" --cluster-id {ClusterId}");

    /// <summary>The address as it may be printed.</summary>
    public static string Shown(string address) => ClusterAddress.WithoutPassword(address);

    /// <exception cref="UsageException">It is none of the forms.</exception>
    public static void Check(string address)
    {
        try
        {
            if (ClusterAddress.IsRedis(address)) ClusterAddress.Redis(address);
            else if (ClusterAddress.IsPostgres(address)) ClusterAddress.Postgres(address);
            else Split(address);
        }
        catch (FormatException wrong)
        {
            throw new UsageException($"cluster = {Shown(address)}: {wrong.Message}");
        }
    }

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
        const string Rule = "must be redis://…, postgres://… or HOST:PORT of a silo's gateway, such as localhost:30000";
        var colon = address.LastIndexOf(':');
        return colon > 0 && !address.Contains("://", StringComparison.Ordinal)
            && int.TryParse(address.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and <= IPEndPoint.MaxPort
                ? (address[..colon].Trim('[', ']'), port)
                : throw new UsageException($"cluster = {address}: {Rule}");
    }
}

/// <param name="Data">Directory it looks for data sets in first.</param>
/// <param name="Page">Port for its live page, or another one if that is taken; 0 for no page.</param>
internal sealed record SiloStart(string? Data = null, int Page = 0);

/// <summary>What a command makes of a state directory.</summary>
internal enum StateUse
{
    /// <summary>It must be there.</summary>
    Use,

    /// <summary>It is made for a new job.</summary>
    Make,

    /// <summary>It must be there. If no silo runs, its files are read.</summary>
    Read,

    /// <summary>What a silo of the directory could train is listed, also before there is one.</summary>
    List,
}
