using System.IO.Pipelines;
using System.Net.Security;
using System.Security.Authentication;
using Microsoft.AspNetCore.Connections;

namespace Basgd.Contracts.Connections;

/// <summary>
/// Mutual TLS around a connection: both sides show a certificate that the authority signed. Names are not compared, for silos
/// come and go with their addresses; who may be a silo is said by what a certificate is for.
/// </summary>
public sealed class TlsConnections(TlsCredentials credentials, TimeProvider time)
{
    /// <summary>For a handshake; then the connection is closed.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>As much as a socket is read at a time.</summary>
    private const int Block = 1 << 16;

    /// <summary>What the accepting side says once it believes the other, which learns it from nothing else in TLS 1.3.</summary>
    private static readonly byte[] Welcome = [1];

    /// <summary>The accepting side.</summary>
    /// <param name="onlySilos">Whether the other side must be a silo.</param>
    /// <exception cref="ConnectionRefusedException">The other side does not speak TLS, or is not believed.</exception>
    public async Task Accept(ConnectionContext connection, ConnectionDelegate next, bool onlySilos)
    {
        var transport = connection.Transport;
        var isBelieved = true;
        await using var tls = new SslStream(new DuplexStream(transport), leaveInnerStreamOpen: false, (_, _, _, errors) => isBelieved = errors == SslPolicyErrors.None);
        var identity = credentials.Current();
        var options = new SslServerAuthenticationOptions
        {
            ServerCertificateContext = identity.Shown,
            ClientCertificateRequired = true,
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            CertificateChainPolicy = identity.Belief(onlySilos, asClient: true),
        };
        using var patience = new CancellationTokenSource(Patience, time);
        try
        {
            if (!await connection.Speaks(patience.Token)) return;
            await tls.AuthenticateAsServerAsync(options, patience.Token);
            await tls.WriteAsync(Welcome, patience.Token);
            await tls.FlushAsync(patience.Token);
        }
        catch (Exception failure) when (failure is AuthenticationException or IOException or OperationCanceledException)
        {
            throw new ConnectionRefusedException(
                isBelieved ? ConnectionRefusal.NoTls : ConnectionRefusal.WrongCertificate,
                $"it speaks no TLS, or shows no certificate of the authority that is for {(onlySilos ? "servers and clients" : "clients")} ({failure.GetBaseException().Message})",
                failure);
        }

        await Continue(connection, next, transport, tls);
    }

    /// <summary>The side that asks for the connection.</summary>
    /// <exception cref="ConnectionRefusedException">The other side does not speak TLS, is not believed, or does not believe.</exception>
    public async Task Connect(ConnectionContext connection, ConnectionDelegate next)
    {
        var transport = connection.Transport;
        var identity = credentials.Current();
        var isBelieved = true;
        await using var tls = new SslStream(new DuplexStream(transport), leaveInnerStreamOpen: false, (_, _, _, errors) => isBelieved = (errors & ~SslPolicyErrors.RemoteCertificateNameMismatch) == SslPolicyErrors.None);
        var options = new SslClientAuthenticationOptions
        {
            ClientCertificateContext = identity.Shown,
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            CertificateChainPolicy = identity.Belief(asServer: true, asClient: false),
        };
        using var patience = new CancellationTokenSource(Patience, time);
        var isAnswered = false;
        try
        {
            await tls.AuthenticateAsClientAsync(options, patience.Token);
            isAnswered = true;
            await tls.ReadExactlyAsync(new byte[Welcome.Length], patience.Token);
        }
        catch (Exception failure) when (failure is AuthenticationException or IOException or OperationCanceledException)
        {
            throw new ConnectionRefusedException(
                isBelieved && !isAnswered ? ConnectionRefusal.NoTls : ConnectionRefusal.WrongCertificate,
                !isBelieved ? "its certificate is not one of the authority for servers"
                : isAnswered ? $"it does not believe the certificate {identity.Certificate.Subject}: its authority must have signed it"
                : $"there is no TLS to be had ({failure.GetBaseException().Message})",
                failure);
        }

        await Continue(connection, next, transport, tls);
    }

    private static async Task Continue(ConnectionContext connection, ConnectionDelegate next, IDuplexPipe transport, SslStream tls)
    {
        var input = PipeReader.Create(tls, new StreamPipeReaderOptions(bufferSize: Block, leaveOpen: true));
        var output = PipeWriter.Create(tls, new StreamPipeWriterOptions(minimumBufferSize: Block, leaveOpen: true));
        try
        {
            connection.Transport = new Pipes(input, output);
            await next(connection);
        }
        finally
        {
            connection.Transport = transport;
            await input.CompleteAsync();
            await output.CompleteAsync();
        }
    }

    private sealed record Pipes(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
