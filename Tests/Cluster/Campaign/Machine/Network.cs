using System.Net;

namespace Basgd.Cluster.Tests.Campaign;

/// <summary>
/// A network of the kernel with an address for each silo in a namespace of its own, so that a partition is a real one: packets
/// vanish, and connections stay open. Tests, and what they let silos reach, are at <see cref="Host"/>.
/// </summary>
/// <remarks>A cut gives the other side a hardware address that nobody has.</remarks>
internal sealed class Network : IDisposable
{
    private const string Nobody = "02:00:00:00:00:01";
    private const int Most = 250;

    private readonly string prefix;
    private readonly int subnet;
    private readonly List<string> spaces = [];

    private Network(string prefix, int subnet) => (this.prefix, this.subnet) = (prefix, subnet);

    public IPAddress Host => Address(1);

    /// <returns>Null where this user may not make namespaces, or the kernel has none.</returns>
    public static Network? TryOpen()
    {
        // Names of interfaces are short. A bridge that a killed run has left behind keeps its number.
        for (var subnet = 1; subnet <= Most; subnet++)
        {
            var network = new Network($"basgd{subnet}", subnet);
            if (Command.Succeeds("ip", "link", "add", network.prefix, "type", "bridge"))
            {
                if (network.TryStart()) return network;
                network.Dispose();
                return null;
            }

            if (!Directory.Exists($"/sys/class/net/{network.prefix}")) return null;
        }

        return null;
    }

    /// <summary>Of a silo: 0, 1, …</summary>
    public IPAddress this[int silo] => Address(silo + 2);

    /// <summary>The command that starts what is behind it at a silo's address.</summary>
    public IReadOnlyList<string> Through(int silo)
    {
        while (spaces.Count <= silo)
            if (!TryAdd()) throw new InvalidOperationException("no more network namespaces");
        return ["ip", "netns", "exec", spaces[silo]];
    }

    /// <summary>Nothing passes between two silos any more.</summary>
    public void Cut(int silo, int other)
    {
        Cut(spaces[silo], this[other]);
        Cut(spaces[other], this[silo]);
    }

    /// <summary>Nothing passes between a silo and the host any more: neither storage nor clients.</summary>
    public void CutHost(int silo)
    {
        Cut(spaces[silo], Host);
        Command.Require("ip", "neigh", "replace", $"{this[silo]}", "lladdr", Nobody, "nud", "permanent", "dev", prefix);
    }

    /// <summary>Everything passes again.</summary>
    public void Join()
    {
        foreach (var space in spaces) Command.Require("ip", "-n", space, "neigh", "flush", "nud", "permanent", "dev", "eth0");
        Command.Require("ip", "neigh", "flush", "nud", "permanent", "dev", prefix);
    }

    public void Dispose()
    {
        foreach (var space in spaces) Command.Succeeds("ip", "netns", "del", space);
        Command.Succeeds("ip", "link", "del", prefix);
    }

    private static void Cut(string space, IPAddress other) =>
        Command.Require("ip", "-n", space, "neigh", "replace", $"{other}", "lladdr", Nobody, "nud", "permanent", "dev", "eth0");

    /// <summary>Of a network that is set apart for tests (RFC 2544).</summary>
    private IPAddress Address(int number) => new([198, 18, (byte)subnet, (byte)number]);

    private bool TryStart() =>
        Command.Succeeds("ip", "addr", "add", $"{Host}/24", "dev", prefix)
        && Command.Succeeds("ip", "link", "set", prefix, "up")
        && TryAdd();

    private bool TryAdd()
    {
        var space = $"{prefix}-{spaces.Count}";
        var outside = $"{prefix}v{spaces.Count}";
        if (!Command.Succeeds("ip", "netns", "add", space)) return false;
        spaces.Add(space);
        return Command.Succeeds("ip", "link", "add", outside, "type", "veth", "peer", "name", "eth0", "netns", space)
            && Command.Succeeds("ip", "link", "set", outside, "master", prefix, "up")
            && Command.Succeeds("ip", "-n", space, "addr", "add", $"{this[spaces.Count - 1]}/24", "dev", "eth0")
            && Command.Succeeds("ip", "-n", space, "link", "set", "eth0", "up")
            && Command.Succeeds("ip", "-n", space, "link", "set", "lo", "up");
    }
}
