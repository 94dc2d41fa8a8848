using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Basgd.Contracts.Connections;
using Basgd.Silo.Hosting.Access;
using Basgd.Silo.Hosting.Clustering;
using Microsoft.AspNetCore.Connections;

namespace Basgd.Silo.Hosting.Checks;

/// <summary>
/// Whether the silos of a running cluster would let in one with this token and this certificate: their handshakes are done, and nothing
/// more.
/// </summary>
internal static class JoinCheck
{
    private static readonly TimeSpan ConnectTime = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan SpeakTime = TimeSpan.FromSeconds(2);

    /// <summary>Does nothing if no silo answers: then this one would be the first.</summary>
    /// <exception cref="ConnectionRefusedException">A silo refuses; the message says which, and why.</exception>
    public static async Task Run(SiloSettings settings, CancellationToken cancellationToken) =>
        await Task.WhenAll((await Registered(settings, cancellationToken)).Select(silo => Greet(settings, silo, cancellationToken)));

    private static async Task<IReadOnlyList<IPEndPoint>> Registered(SiloSettings settings, CancellationToken cancellationToken)
    {
        // Built and never started: it only finds the table.
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.UseOrleans(silo => silo.UseClustering(settings.Cluster, settings.Silo, new IPEndPoint(settings.Address, 0), gateway: 0, settings.Listening));
        using var host = builder.Build();
        var table = host.Services.GetRequiredService<IMembershipTable>();
        try
        {
            await table.InitializeMembershipTableAsync(tryInitTableVersion: false, cancellationToken);
            var registered = await table.ReadAllAsync(cancellationToken);
            return
            [
                .. from member in registered.Members
                   let entry = member.Item1
                   where entry.Status == SiloStatus.Active
                   select entry.SiloAddress.Endpoint,
            ];
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // No silo of this cluster has made its part of the table yet. Whether the server of the table answers is found out elsewhere.
            return [];
        }
    }

    private static async Task Greet(SiloSettings settings, IPEndPoint silo, CancellationToken cancellationToken)
    {
        using var socket = new Socket(silo.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(ConnectTime);
        try
        {
            await socket.ConnectAsync(silo, limit.Token);
            await using var stream = new NetworkStream(socket);
            var pipes = new Pipes(PipeReader.Create(stream), PipeWriter.Create(stream));
            await Enter(new DefaultConnectionContext(nameof(JoinCheck)) { Transport = pipes }, settings);
        }
        catch (ConnectionRefusedException refused) when (refused.InnerException is not OperationCanceledException)
        {
            throw new ConnectionRefusedException(refused.Reason, $"the silo at {silo} does not let this one in: {refused.Message}");
        }
        catch (Exception failure) when (failure is SocketException or IOException or OperationCanceledException or ConnectionRefusedException)
        {
            // It died or hangs, and nobody has said so yet: it refuses nobody.
        }
    }

    private static Task Enter(ConnectionContext connection, SiloSettings settings)
    {
        if (settings.Tls is not { } files) return ShowToken(connection, settings.Access, hasTls: false);
        var tls = new TlsConnections(new TlsCredentials(files, isSilo: true, TimeProvider.System), TimeProvider.System);
        return tls.Connect(connection, inside => ShowToken(inside, settings.Access, hasTls: true));
    }

    private static async Task ShowToken(ConnectionContext connection, AccessOptions access, bool hasTls)
    {
        if (access.Act is [var own, ..])
        {
            await TokenHandshake.Connect(connection, static _ => Task.CompletedTask, own, TimeProvider.System);
            return;
        }

        // A silo without tokens begins to speak at once. One with tokens, or with TLS, waits for the other side's first word, and closes
        // the connection when that is not the right one.
        if (await Speaks(connection) is not null) return;
        await connection.Transport.Output.WriteAsync(new byte[sizeof(long)]);
        const string Option = $"{AccessOptions.Section}:{nameof(AccessOptions.ActToken)}";
        if (await Speaks(connection) is false)
            throw new ConnectionRefusedException(ConnectionRefusal.NoToken, hasTls ? $"it asks for a token, which {Option} must give" : $"it asks for a token or for TLS, which {Option} or {TlsOptions.Section} must give");
    }

    /// <summary>Whether the other side says anything before it closes the connection; null if it does neither.</summary>
    private static async Task<bool?> Speaks(ConnectionContext connection)
    {
        using var limit = new CancellationTokenSource(SpeakTime);
        try
        {
            var read = await connection.Transport.Input.ReadAsync(limit.Token);
            connection.Transport.Input.AdvanceTo(read.Buffer.Start);
            return !read.Buffer.IsEmpty;
        }
        catch (OperationCanceledException)
        {
            return null;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private sealed record Pipes(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
