using Basgd.Contracts.Access;
using Basgd.Contracts.Connections;
using Basgd.Grains.Telemetry;
using Microsoft.AspNetCore.Connections;
using Orleans.Configuration;

namespace Basgd.Silo.Hosting.Access;

/// <summary>Puts TLS and tokens around a silo's connections, and tickets around its calls: TLS outside, so that tokens are asked for inside it.</summary>
internal static partial class SiloConnections
{
    public static void UseTls(this ISiloBuilder silo, TlsFiles files) =>
        silo.Services.AddOptions<SiloConnectionOptions>().Configure<TimeProvider, ConnectionInstruments, ILoggerFactory>((connections, time, instruments, logging) =>
        {
            var logger = logging.CreateLogger(typeof(SiloConnections));
            var credentials = new TlsCredentials(files, isSilo: true, time) { Refused = wrong => LogKept(logger, TlsOptions.Name(wrong.File), wrong.Rule(TlsOptions.Name)) };
            credentials.Current();
            instruments.Watch(credentials);
            var tls = new TlsConnections(credentials, time);
            var door = new Door(instruments, logger);
            connections.ConfigureSiloInboundConnection(connection => door.Admit(connection, (context, next) => tls.Accept(context, next, onlySilos: true)));
            connections.ConfigureGatewayInboundConnection(connection => door.Admit(connection, (context, next) => tls.Accept(context, next, onlySilos: false)));
            connections.ConfigureSiloOutboundConnection(connection => door.Admit(connection, tls.Connect));
        });

    public static void UseTokens(this ISiloBuilder silo, AccessOptions options)
    {
        var own = options.Act[0];
        string[] any = [.. options.Act, .. options.Look];
        silo.Services.AddOptions<SiloConnectionOptions>().Configure<TimeProvider, ConnectionInstruments, ILoggerFactory>((connections, time, instruments, logging) =>
        {
            var door = new Door(instruments, logging.CreateLogger(typeof(SiloConnections)));
            connections.ConfigureSiloInboundConnection(connection => door.Admit(connection, (context, next) => TokenHandshake.Accept(context, next, options.Act, time)));
            connections.ConfigureGatewayInboundConnection(connection => door.Admit(connection, (context, next) => TokenHandshake.Accept(context, next, any, time)));
            connections.ConfigureSiloOutboundConnection(connection => door.Admit(connection, (context, next) => TokenHandshake.Connect(context, next, own, time)));
        });
        silo.AddIncomingGrainCallFilter(new CallGuard(options));
        silo.AddOutgoingGrainCallFilter(new TicketBearer(own));
    }

    /// <summary>Logs and counts a refusal; Orleans closes the connection.</summary>
    private sealed class Door(ConnectionInstruments instruments, ILogger logger)
    {
        public void Admit(IConnectionBuilder connection, Func<ConnectionContext, ConnectionDelegate, Task> admit) => connection.Use(next => context => Admit(context, next, admit));

        private async Task Admit(ConnectionContext context, ConnectionDelegate next, Func<ConnectionContext, ConnectionDelegate, Task> admit)
        {
            try
            {
                await admit(context, next);
            }
            catch (ConnectionRefusedException refused)
            {
                instruments.Refused(refused.Reason);
                LogRefused(logger, context.RemoteEndPoint?.ToString(), refused.Message);
                throw;
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "No connection with {Remote}: {Reason}")]
    private static partial void LogRefused(ILogger logger, string? remote, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "The certificate in use is kept: {Option} {Problem}")]
    private static partial void LogKept(ILogger logger, string option, string problem);
}
