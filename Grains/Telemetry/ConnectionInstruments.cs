using System.Diagnostics.Metrics;
using Basgd.Contracts.Connections;

namespace Basgd.Grains.Telemetry;

/// <summary>Counts the connections that a silo refuses or is refused, and shows when the certificates expire that connections need.</summary>
public sealed class ConnectionInstruments
{
    /// <summary>Values of <see cref="Names.Certificate"/>.</summary>
    public const string Silo = "silo", Authority = "authority";

    private readonly ReasonCounter refused;

    public ConnectionInstruments(IMeterFactory meters)
    {
        var meter = meters.Create(Names.Source);
        refused = new ReasonCounter(
            meter,
            "basgd.connections.refused",
            "{connection}",
            "Connections that this silo refused, or that were refused to it, because of a token or a certificate.",
            Names.Reason,
            Enum.GetValues<ConnectionRefusal>().Select(Names.Snake));
        Expiry = new GrainGauge<double>(meter, "basgd.certificate.expiry", "s", "When a certificate of this silo expires, in seconds since 1970. A renewed file shows at once.");
    }

    public GrainGauge<double> Expiry { get; }

    public void Refused(ConnectionRefusal reason) => refused.Add(Names.Snake(reason));

    /// <summary>Shows when the certificate expires, and the first of those that it rests on.</summary>
    public IDisposable Watch(TlsCredentials credentials) => Expiry.Watch(() =>
    {
        var identity = credentials.Current();
        return [Expires(Silo, identity.Expires), Expires(Authority, identity.AuthorityExpires)];
    });

    private static Measurement<double> Expires(string certificate, DateTimeOffset at) => new(at.ToUnixTimeSeconds(), Names.Tag(Names.Certificate, certificate));
}
