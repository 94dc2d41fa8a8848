using System.Security.Cryptography;
using System.Text;

namespace Basgd.Contracts.Access;

/// <summary>What is derived from a token, so that the token itself never travels.</summary>
public static class Token
{
    /// <summary>Characters.</summary>
    public const int LeastLength = 16;

    /// <summary>Name of the ticket in Orleans' request context.</summary>
    public const string TicketName = "basgd.ticket";

    /// <summary>Several may be right while they are being changed: they are written one after the other, with blanks between.</summary>
    public static IReadOnlyList<string> Split(string? tokens) => tokens?.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) ?? [];

    /// <summary>What shows that a token is known to who asks with a nonce: HMAC-SHA256 under the token.</summary>
    internal static byte[] Answer(string token, ReadOnlySpan<byte> nonce) => HMACSHA256.HashData(Encoding.UTF8.GetBytes(token), (byte[])[.. "basgd connection "u8, .. nonce]);

    /// <summary>What goes with each call of somebody who has the token.</summary>
    public static string Ticket(string token) => Convert.ToHexString(HMACSHA256.HashData(Encoding.UTF8.GetBytes(token).AsSpan(), "basgd ticket"u8));
}
