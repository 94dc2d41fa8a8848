using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Net;
using System.Net.Sockets;
using Basgd.Grains.Hosting;

namespace Basgd.Silo.Hosting;

/// <summary>What the silo is and where it lives; section <c>Basgd:Silo</c>.</summary>
[OptionsSection("Basgd:Silo")]
public sealed class SiloOptions : IValidatableObject
{
    /// <summary>The <see cref="Address"/> that stands for this machine's own.</summary>
    public const string Host = "host";

    [Description(
        "`server` holds jobs, models and buffers; `worker` computes, and alone loads TorchSharp; `all` does both. A grain is never activated on a "
        + "silo of another role. A cluster needs one of each, or an `all`.")]
    [AllowedValues(SiloRole.Server, SiloRole.Worker, SiloRole.All)]
    public string Role { get; set; } = SiloRole.All;

    [Description("Directory in which the silo announces itself to `basgd --state`, and files lie. One silo at a time.")]
    [Required]
    public string State { get; set; } = "state";

    [Description(
        "IP address that others reach this silo at, and that it listens on. `host` stands for the one of this machine's host name, as a container "
        + "has it.")]
    [Required]
    public string Address { get; set; } = "127.0.0.1";

    [Description("Whether all ports listen on every address of the machine, not on `Address` alone: `kubectl port-forward` comes in by a pod's loopback.")]
    public bool ListenOnAll { get; set; }

    [Description("Port for other silos; 0 for any free one.")]
    [Range(0, 65_535)]
    public int SiloPort { get; set; }

    [Description("Port for clients; 0 for any free one.")]
    [Range(0, 65_535)]
    public int GatewayPort { get; set; }

    [Description(
        "Port that answers `/health/live` (200 while the process runs) and `/health/ready` (200 once it has joined, its storage answers and it "
        + "does not drain; else 503 and the reason), and `/metrics` for Prometheus; 0 for none.")]
    [Range(0, 65_535)]
    public int HealthPort { get; set; }

    [Description(
        "How long the silo may take to end after SIGTERM. Workers finish their gradients and give their leases back, buffers and models are saved. "
        + "Then it ends as it stands, as after a crash. Keep it below the time after which the silo is killed.")]
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan DrainWithin { get; set; } = TimeSpan.FromSeconds(25);

    [Description("Directory to look for data sets in first.")]
    public string? Data { get; set; }

    [Description("Lives only while a command is attached to the state directory or a job runs that was handed over there, and trains with the slots that those ask for.")]
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
