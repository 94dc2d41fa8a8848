using System.Net;
using System.Text.Json;

namespace Basgd.Contracts.Attaching;

/// <summary>What a silo says of itself in <c>silo.json</c> of its state directory while it takes clients.</summary>
/// <param name="Address">Where it listens; null for the loopback interface.</param>
/// <param name="Page">Where its live page is; null if it has none.</param>
/// <param name="Attended">Whether it lives only while somebody needs it.</param>
/// <param name="Slots">Workers that it acts as for those who need it, if it is attended.</param>
/// <param name="Data">Directory that it looks for data sets in first; null if it was given none.</param>
public sealed record SiloAnnouncement(int Pid, int Gateway, string? Address = null, Uri? Page = null, bool Attended = false, int Slots = 0, string? Data = null)
{
    public IPEndPoint Endpoint() => new(IPAddress.TryParse(Address, out var address) ? address : IPAddress.Loopback, Gateway);

    /// <summary>Whether it is the same silo, whatever it says of itself by now.</summary>
    public bool IsSameSilo(SiloAnnouncement? other) => other is not null && other.Pid == Pid && other.Gateway == Gateway && other.Address == Address;

    public string ToJson() => JsonSerializer.Serialize(this, JsonSerializerOptions.Web);

    /// <summary>Null if the text is none.</summary>
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
}
