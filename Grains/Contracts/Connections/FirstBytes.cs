using Microsoft.AspNetCore.Connections;

namespace Basgd.Contracts.Connections;

internal static class FirstBytes
{
    /// <summary>Whether the other side says anything before it goes: who only looks whether the port is open is not refused, and not worth a line in a log.</summary>
    public static async Task<bool> Speaks(this ConnectionContext connection, CancellationToken cancellationToken)
    {
        var read = await connection.Transport.Input.ReadAsync(cancellationToken);
        connection.Transport.Input.AdvanceTo(read.Buffer.Start);
        return !read.Buffer.IsEmpty;
    }
}
