using Basgd.Contracts.Access;
using Basgd.Contracts.Connections;
using Microsoft.AspNetCore.Connections;
using Orleans.Configuration;

namespace Basgd.Client.Clusters;

/// <summary>What the client shows to the silos of a cluster.</summary>
/// <param name="Token">Null where none is known.</param>
/// <param name="Tls">Null for connections in the clear.</param>
internal sealed record Credentials(string? Token = null, TlsFiles? Tls = null)
{
    public static readonly Credentials None = new();

    /// <summary>What to do where silos close connections at once.</summary>
    public string Hint => (Token, Tls) switch
    {
        (null, null) => "; where it asks for a token or a certificate, give them by BASGD_TOKEN or --token-file, and --tls-certificate, --tls-key and --tls-authority",
        (null, _) => "; where it asks for a token, give one by BASGD_TOKEN or --token-file",
        (_, null) => "; where it asks for a certificate, give one by --tls-certificate, --tls-key and --tls-authority",
        _ => "",
    };

    /// <param name="failed">Told why a connection ended, in words for people.</param>
    public void AddTo(IClientBuilder client, Action<string> failed)
    {
        Around((connection, next) => Listen(connection, next, failed));
        if (Tls is { } files)
        {
            var tls = new TlsConnections(new TlsCredentials(files, isSilo: false, TimeProvider.System), TimeProvider.System);
            Around(tls.Connect);
        }

        if (Token is { } token)
        {
            Around((connection, next) => TokenHandshake.Connect(connection, next, token, TimeProvider.System));
            client.AddOutgoingGrainCallFilter(new TicketBearer(token));
        }

        void Around(Func<ConnectionContext, ConnectionDelegate, Task> handle) =>
            client.Configure<ClientConnectionOptions>(connections => connections.ConfigureConnection(connection => connection.Use(next => context => handle(context, next))));
    }

    private static async Task Listen(ConnectionContext connection, ConnectionDelegate next, Action<string> failed)
    {
        try
        {
            await next(connection);
        }
        catch (Exception failure)
        {
            failed($"{connection.RemoteEndPoint}: {failure.Message}");
            throw;
        }
    }

    /// <summary>The token is not shown.</summary>
    public override string ToString() => $"{nameof(Credentials)} {{ Token = {(Token is null ? "none" : "***")}, Tls = {Tls} }}";
}
