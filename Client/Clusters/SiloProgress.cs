using System.Text.Json;

namespace Basgd.Client.Clusters;

/// <summary>What a silo on a state directory says it is doing: a line <c>progress {"message":…,"received":…,"total":…}</c> of its output.</summary>
/// <param name="Received">Bytes so far, where it fetches something.</param>
/// <param name="Total">Bytes in all, where that is known.</param>
internal sealed record SiloProgress(string Message, long? Received = null, long? Total = null)
{
    public const string Prefix = "progress ";

    /// <summary>Null for any other line.</summary>
    public static SiloProgress? Parse(string line)
    {
        if (!line.StartsWith(Prefix, StringComparison.Ordinal)) return null;
        try
        {
            return JsonSerializer.Deserialize<SiloProgress>(line.AsSpan(Prefix.Length), JsonSerializerOptions.Web) is { Message: not null } progress ? progress : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
