using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Basgd.Cluster.Tests.Processes;
using Basgd.Contracts.Connections;
using Basgd.Tests.Certificates;
using Basgd.Tests.Servers;
using static Basgd.Cluster.Tests.Access.AccessRun;

namespace Basgd.Cluster.Tests.Access;

/// <summary>What a program of somebody's own gets at the ports of a silo with TLS.</summary>
[Trait("category", "slow")]
public sealed class SiloPortTests
{
    [Fact]
    public async Task A_certificate_of_a_client_opens_the_gateway_and_no_silo_port()
    {
        using var folder = new StateFolder();
        using var authority = new Authority(folder.Path, "authority");
        var (siloPort, gateway) = (Server.FreePort(), Server.FreePort());
        await using var silo = await Start(["--state", Path.Combine(folder.Path, "silo"), "--silo-port", $"{siloPort}", "--gateway-port", $"{gateway}"], new Dictionary<string, string>().With(authority.Silo()));

        (await IsWelcome(gateway, authority.ForClient())).ShouldBeTrue();
        (await IsWelcome(siloPort, authority.Silo("another"))).ShouldBeTrue();
        (await IsWelcome(siloPort, authority.ForClient())).ShouldBeFalse();
        await silo.Prints("shows no certificate of the authority that is for servers and clients");
    }

    /// <summary>A silo says a byte of welcome to whom it believes, and closes the connection to others.</summary>
    private static async Task<bool> IsWelcome(int port, TlsFiles files)
    {
        using var limit = new CancellationTokenSource(Limit);
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, port, limit.Token);
        using var certificate = X509Certificate2.CreateFromPemFile(files.Certificate, files.Key);
        await using var tls = new SslStream(socket.GetStream(), leaveInnerStreamOpen: false, static (_, _, _, errors) => (errors & ~SslPolicyErrors.RemoteCertificateNameMismatch) == SslPolicyErrors.None);
        var belief = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        belief.CustomTrustStore.ImportFromPemFile(files.Authority);
        var shown = SslStreamCertificateContext.Create(certificate, additionalCertificates: null, offline: true);
        try
        {
            await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "silo", ClientCertificateContext = shown, CertificateChainPolicy = belief }, limit.Token);
            return await tls.ReadAsync(new byte[1], limit.Token) == 1;
        }
        catch (Exception refused) when (refused is IOException or AuthenticationException)
        {
            return false;
        }
    }
}
