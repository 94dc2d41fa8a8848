using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Basgd.Contracts.Connections;
using Basgd.Silo.Hosting.Access;
using Basgd.Silo.Hosting.Clustering;
using Microsoft.AspNetCore.Connections;

namespace Basgd.Silo.Hosting.Checks;

/// <summary>Whether the silos of a running cluster would let in one with this token and this certificate: their handshakes are done, and nothing more.</summary>
internal static class JoinCheck
{
    private static readonly TimeSpan ConnectTime = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan SpeakTime = TimeSpan.FromSeconds(2);

    /// <summary>Does nothing if no silo answers: then this one would be the first.</summary>
    /// <exception cref="ConnectionRefusedException">A silo refuses; the message says which, and why.</exception>
    public static async Task Run(SiloSettings settings)
    {
        foreach (var silo in await Registered(settings))
        {
            try
            {
                await Greet(settings, silo);
            }
            catch (ConnectionRefusedException refused)
            {
                throw new ConnectionRefusedException($"the silo at {silo} does not let this one in: {refused.Message}");
            }
        }
    }

    private static async Task<IReadOnlyList<IPEndPoint>> Registered(SiloSettings settings)
    {
        // Built and never started: it only finds the table.
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.UseOrleans(silo => silo.UseClustering(settings.Cluster, settings.Silo, new IPEndPoint(settings.Address, 0), gateway: 0, settings.Listening));
        using var host = builder.Build();
        var table = host.Services.GetRequiredService<IMembershipTable>();
        await table.InitializeMembershipTableAsync(tryInitTableVersion: false, CancellationToken.None);
        return [.. (await table.ReadAllAsync(CancellationToken.None)).Members.Select(static member => member.Item1).Where(static entry => entry.Status == SiloStatus.Active).Select(static entry => entry.SiloAddress.Endpoint)];
    }

    private static async Task Greet(SiloSettings settings, IPEndPoint silo)
    {
        using var socket = new Socket(silo.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        using var limit = new CancellationTokenSource(ConnectTime);
        try
        {
            await socket.ConnectAsync(silo, limit.Token);
        }
        catch (Exception failure) when (failure is SocketException or OperationCanceledException)
        {
            // It died and nobody has said so yet.
            return;
        }

        await using var stream = new NetworkStream(socket);
        var connection = new DefaultConnectionContext(nameof(JoinCheck)) { Transport = new Pipes(PipeReader.Create(stream), PipeWriter.Create(stream)) };
        if (settings.Tls is { } files) await new TlsConnections(new TlsCredentials(files, isSilo: true, TimeProvider.System), TimeProvider.System).Connect(connection, inside => Token(inside, settings.Access, hasTls: true));
        else await Token(connection, settings.Access, hasTls: false);
    }

    private static async Task Token(ConnectionContext connection, AccessOptions access, bool hasTls)
    {
        if (access.Act is [var own, ..])
        {
            await TokenHandshake.Connect(connection, Leave, own, TimeProvider.System);
            return;
        }

        // A silo without tokens begins to speak at once; one with tokens, or with TLS, waits for the other side's first word.
        using var limit = new CancellationTokenSource(SpeakTime);
        try
        {
            await connection.Transport.Input.ReadAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            // So that its log says of whom it expected more.
            await connection.Transport.Output.WriteAsync(new byte[sizeof(long)], CancellationToken.None);
            throw new ConnectionRefusedException($"it asks for {(hasTls ? "a token" : "a token or for TLS")}, which {AccessOptions.Section}:{nameof(AccessOptions.ActToken)}{(hasTls ? "" : $" or {TlsOptions.Section}")} must give");
        }
    }

    private static Task Leave(ConnectionContext connection) => Task.CompletedTask;

    private sealed record Pipes(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
