using Basgd.Contracts.Access;
using Basgd.Contracts.Connections;
using Microsoft.AspNetCore.Connections;
using Orleans.Configuration;

namespace Basgd.Silo.Hosting.Access;

/// <summary>Puts TLS and tokens around a silo's connections, and tickets around its calls: TLS outside, so that tokens are asked for inside it.</summary>
internal static partial class SiloConnections
{
    public static void UseTls(this ISiloBuilder silo, TlsFiles files) =>
        silo.Services.AddOptions<SiloConnectionOptions>().Configure<TimeProvider, ILoggerFactory>((connections, time, logging) =>
        {
            var logger = logging.CreateLogger(typeof(SiloConnections));
            var credentials = new TlsCredentials(files, isSilo: true, time) { Refused = wrong => LogKept(logger, TlsOptions.Name(wrong.File), wrong.Rule(TlsOptions.Name)) };
            credentials.Current();
            var tls = new TlsConnections(credentials, time);
            connections.ConfigureSiloInboundConnection(connection => connection.Use(next => context => Admit(logger, context, () => tls.Accept(context, next, onlySilos: true))));
            connections.ConfigureGatewayInboundConnection(connection => connection.Use(next => context => Admit(logger, context, () => tls.Accept(context, next, onlySilos: false))));
            connections.ConfigureSiloOutboundConnection(connection => connection.Use(next => context => Admit(logger, context, () => tls.Connect(context, next))));
        });

    public static void UseTokens(this ISiloBuilder silo, AccessOptions options)
    {
        var own = options.Act[0];
        silo.Services.AddOptions<SiloConnectionOptions>().Configure<TimeProvider, ILoggerFactory>((connections, time, logging) =>
        {
            var logger = logging.CreateLogger(typeof(SiloConnections));
            connections.ConfigureSiloInboundConnection(connection => connection.Use(next => context => Admit(logger, context, () => TokenHandshake.Accept(context, next, options.Act, time))));
            connections.ConfigureGatewayInboundConnection(connection => connection.Use(next => context => Admit(logger, context, () => TokenHandshake.Accept(context, next, [.. options.Act, .. options.Look], time))));
            connections.ConfigureSiloOutboundConnection(connection => connection.Use(next => context => Admit(logger, context, () => TokenHandshake.Connect(context, next, own, time))));
        });
        silo.AddIncomingGrainCallFilter(new CallGuard(options));
        silo.AddOutgoingGrainCallFilter(new TicketBearer(own));
    }

    /// <summary>Who is refused is told to whoever reads the log; Orleans closes the connection.</summary>
    private static async Task Admit(ILogger logger, ConnectionContext connection, Func<Task> admit)
    {
        try
        {
            await admit();
        }
        catch (ConnectionRefusedException refused)
        {
            LogRefused(logger, connection.RemoteEndPoint?.ToString(), refused.Message);
            throw;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "No connection with {Remote}: {Reason}")]
    private static partial void LogRefused(ILogger logger, string? remote, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "The certificate in use is kept: {Option} {Problem}")]
    private static partial void LogKept(ILogger logger, string option, string problem);
}
