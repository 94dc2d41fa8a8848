using System.ComponentModel.DataAnnotations;
using System.Net;
using System.Net.Sockets;

namespace Basgd.Silo.Hosting;

/// <summary>What the silo is and where it lives; section <c>Basgd:Silo</c>.</summary>
public sealed class SiloOptions : IValidatableObject
{
    /// <summary>The <see cref="Address"/> that stands for this machine's own.</summary>
    public const string Host = "host";

    /// <summary>server (holds jobs, models and buffers), worker (computes) or all. Default: all.</summary>
    [AllowedValues(SiloRole.Server, SiloRole.Worker, SiloRole.All)]
    public string Role { get; set; } = SiloRole.All;

    /// <summary>Directory that the silo announces itself in and, where storage is in files, keeps them in; one silo at a time. Default: state.</summary>
    [Required]
    public string State { get; set; } = "state";

    /// <summary>IP address that other silos and clients reach this silo at, and that it listens on; <c>host</c> for the one of this machine's host name, as a container has it. Default: 127.0.0.1.</summary>
    [Required]
    public string Address { get; set; } = "127.0.0.1";

    /// <summary>Whether all ports listen on every address of the machine, not on <see cref="Address"/> alone: <c>kubectl port-forward</c> comes in by a pod's loopback. Default: false.</summary>
    public bool ListenOnAll { get; set; }

    /// <summary>Port that other silos connect to; 0 for any free one. Default: 0.</summary>
    [Range(0, 65_535)]
    public int SiloPort { get; set; }

    /// <summary>Port that clients connect to; 0 for any free one. Default: 0.</summary>
    [Range(0, 65_535)]
    public int GatewayPort { get; set; }

    /// <summary>Port that answers <c>/health/live</c> and <c>/health/ready</c> over HTTP, on <see cref="Address"/>; 0 for none. Default: 0.</summary>
    [Range(0, 65_535)]
    public int HealthPort { get; set; }

    /// <summary>
    /// How long the silo may take to end after SIGTERM: its workers finish their gradients and give their leases back, its buffers
    /// and models are saved, its grains move on. Then it ends as it stands, which a crash could do, too. Less than whoever
    /// stops it waits before it kills. Default: 25 s.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan DrainWithin { get; set; } = TimeSpan.FromSeconds(25);

    /// <summary>Directory to look for data sets in, before all others. Default: none.</summary>
    public string? Data { get; set; }

    /// <summary>Live only while a command is attached to the state directory or a job runs that was handed over there, and train with the slots that those ask for. Default: false.</summary>
    public bool Attended { get; set; }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Address == Host)
        {
            if (OwnAddress() is null) yield return new ValidationResult($"must be an IP address, for this machine's host name, {Dns.GetHostName()}, stands for none that others can reach", [nameof(Address)]);
        }
        else if (!IPAddress.TryParse(Address, out var address) || address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any))
        {
            yield return new ValidationResult($"must be an IP address that others can reach, or {Host}", [nameof(Address)]);
        }
    }

    /// <summary><see cref="Address"/>, once it has been checked.</summary>
    internal IPAddress Resolve() => Address == Host ? OwnAddress()! : IPAddress.Parse(Address);

    /// <summary>What to listen on.</summary>
    internal IPAddress Listening() => Resolve() switch
    {
        var own when !ListenOnAll => own,
        { AddressFamily: AddressFamily.InterNetworkV6 } => IPAddress.IPv6Any,
        _ => IPAddress.Any,
    };

    /// <summary>Null where the host name stands for no address, or only for such as nobody else reaches.</summary>
    private static IPAddress? OwnAddress()
    {
        try
        {
            return Dns.GetHostAddresses(Dns.GetHostName())
                .Where(static address => !IPAddress.IsLoopback(address) && !address.IsIPv6LinkLocal)
                .MinBy(static address => address.AddressFamily == AddressFamily.InterNetwork ? 0 : 1);
        }
        catch (SocketException)
        {
            return null;
        }
    }
}
